from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening.engine.version import engine_version
from screening.training.labelled import Data, NoData

REPORT = Path(settings.BASE_DIR) / "docs" / "screening-report.md"


class Command(BaseCommand):
    help = (
        "Fit the name engine's word table and weights on one part of labelled names, and write the report on the other. "
        "The folder holds csl_consolidated_*.csv.gz and names/*.csv.gz. A fixed seed: the same data give the same weights."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, required=True, metavar="DIR")
        parser.add_argument("--report-only", action="store_true", help="keep the weights, write the report anew")
        parser.add_argument("--report", type=Path, default=REPORT)

    def handle(self, *args: Any, data: Path, report_only: bool, report: Path, **options: Any) -> None:
        try:
            from screening.training.fit import train  # scikit-learn is there in development only
            from screening.training.report import report_on
            from screening.training.words import make_words
        except ImportError as error:
            raise CommandError(
                f"{error.name} is missing: install the development packages (make environment)."
            ) from error
        try:
            labelled = Data(data)
            if not report_only:
                make_words(labelled)
                train(labelled)
                engine_version.cache_clear()
            report.write_text(report_on(labelled))
        except NoData as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Engine {engine_version()}; the report is {report}.")
