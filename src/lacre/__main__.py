"""`python -m lacre` is `lacre`."""

from lacre.cli import main

main()
