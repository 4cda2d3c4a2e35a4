"""What each exit code means, for people."""

from yk.errors import ExitCode

MEANINGS = {
    ExitCode.DONE: "完成",
    ExitCode.FAILED: "业务失败：试过，没有办成",
    ExitCode.USAGE: "用法或配置不对",
    ExitCode.UNREADABLE: "输入文件或存储读写不了（不存在、格式不对、损坏、版本更新）",
    ExitCode.REFUSED: "被拒绝：校验、必做的控制、角色或不相容岗位",
    ExitCode.PARTLY: "部分完成：批次中有失败或受阻的行",
    ExitCode.DEFECTS: "稽核或评审发现了问题",
    ExitCode.INTERRUPTED: "被中断（Ctrl-C）",
}
