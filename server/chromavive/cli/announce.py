"""What `serve` prints: where the pages are, a QR code for the local network, where photographs lie, who serves."""

import socket
from collections.abc import Sequence
from pathlib import Path

import segno
import typer


def lan_address() -> str | None:
    """This machine's address in its own network; None if it has none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(
                ("192.0.2.1", 9)
            )  # RFC 5737: a documentation address; connecting a datagram socket only routes
        except OSError:
            return None
        address: str = probe.getsockname()[0]
    return None if address.startswith("127.") else address


def announce(urls: Sequence[str], data: Path, notes: Sequence[str], qr_url: str | None) -> None:
    """Print where to go. Only landing pages are printed: capabilities never reach a terminal or a log."""
    for url in urls:
        typer.echo(f"  {url}")
    if qr_url is not None:
        typer.echo(f"\n  On the same network: {qr_url}\n")
        segno.make(qr_url, micro=False).terminal(compact=True)
    typer.echo(f"  Photographs and rooms lie in {data}.")
    for note in notes:
        typer.echo(f"  {note}")
