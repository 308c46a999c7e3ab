"""The demand side's pages: `profile` for the buyer and its vetting, `needs` for what it wants to buy."""
