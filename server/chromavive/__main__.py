"""`python -m chromavive` is the command `chromavive`."""

from chromavive.cli import app

if __name__ == "__main__":
    app(prog_name="chromavive")
