"""Claims, each with its figures: what the demo shows is what it has checked."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.markup import escape
from rich.padding import Padding

from crossdock.cli.output import Output


@dataclass(frozen=True)
class Check:
    """One claim: what should hold, whether it did, and the figures that show it."""

    claim: str
    held: bool
    figures: str


@dataclass
class Checks:
    """All claims so far; each is shown as it is made."""

    output: Output
    made: list[Check] = field(default_factory=list)

    def chapter(self, title: str) -> None:
        """Start a chapter."""
        self.output.show("", f"[bold]{escape(title)}[/bold]")

    def that(self, claim: str, held: bool, figures: str) -> None:
        """Claim something."""
        self.made.append(Check(claim, held, figures))
        mark = "[green]✓[/green]" if held else "[bold red]✗[/bold red]"
        fits = len(claim) + len(figures) + 6 <= self.output.console.width
        shown = f"[dim]{escape(figures)}[/dim]"
        self.output.show(f"  {mark} {escape(claim)}{'  ' + shown if fits else ''}")
        if not fits:
            self.output.show(Padding(shown, (0, 0, 0, 6)))

    @property
    def all_held(self) -> bool:
        """Whether every claim held, and there were some."""
        return bool(self.made) and all(check.held for check in self.made)
