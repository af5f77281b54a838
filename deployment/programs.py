"""`python -m deployment.programs STAGE`: tries the function for programs; `--remove` removes it."""

from __future__ import annotations

import sys

from deployment.function import told_plainly
from deployment.program_function import STANDING, of_cli
from deployment.stage import Stage
from deployment.steps import Steps, run_command, stage_parser


def main(arguments: list[str] | None = None) -> int:
    """Try a stage's function for programs, or remove it; return 0 when that succeeded."""
    parser = stage_parser("programs", __doc__)
    parser.add_argument("--remove", action="store_true", help="it with all its versions")
    asked = parser.parse_args(arguments)

    @told_plainly()
    def work(_steps: Steps) -> str:
        function = of_cli(Stage(asked.stage, command="status", settings_file=asked.settings).cli)
        if asked.remove:
            return function.remove()
        function.try_out()
        return f"{function.name}: {STANDING}."

    return run_command(work)


if __name__ == "__main__":
    sys.exit(main())
