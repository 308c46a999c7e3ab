"""An organization's own pages."""
