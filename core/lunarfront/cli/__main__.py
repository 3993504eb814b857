"""``python -m lunarfront.cli``: how the supervisor starts worker and dispatcher in its own environment."""

from lunarfront.cli import main

if __name__ == "__main__":
    main(prog_name="lunarfront")
