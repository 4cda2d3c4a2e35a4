"""`yk completion`: the script that teaches a shell to complete yk's commands."""

from __future__ import annotations

import click

from yk.cli import COMPLETE, output
from yk.cli.app import App, pass_app
from yk.cli.chinese import speak
from yk.cli.lazy import command

SHELLS = ("bash", "zsh", "fish", "powershell")


@command(
    "completion",
    help="输出命令补全脚本，可补命令、选项、流程、工单号。装一次，新开的终端里就能用 Tab。",
    examples=[
        "yk completion bash > ~/.local/share/bash-completion/completions/yk",
        "yk completion zsh > ~/.zfunc/_yk",
        "yk completion fish > ~/.config/fish/completions/yk.fish",
        "yk completion powershell >> $PROFILE",
    ],
)
@click.argument("shell", metavar="|".join(SHELLS), type=click.Choice(SHELLS), help="哪一种 shell")
@pass_app
@click.pass_context
def completion(ctx: click.Context, app: App, shell: str) -> None:
    """Print click's script for `shell`."""
    from click.shell_completion import get_completion_class

    speak()
    maker = get_completion_class(shell)
    assert maker is not None
    output.text(app, maker(ctx.find_root().command, {}, "yk", COMPLETE).source())
