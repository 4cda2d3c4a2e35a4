"""The root of the command tree: every command, the sentence help shows for it, and the module it lives in."""

import click

from yk import __version__
from yk.cli.lazy import Group

root = Group(
    "yk",
    help="业扩：把供电企业营销业务作业规范变成可办理、可演练、可批量、可评审、可稽核的流程。",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="先试一试：yk demo。建库：yk init --demo。专题帮助：yk help 退出码|环境变量|全局选项。",
)
click.version_option(__version__, prog_name="yk")(root)

root.stub("tui", "yk.cli.tui:tui", "终端界面：看、办、查、批，也可拍画面、在浏览器里用")
root.stub("init", "yk.cli.setup:init", "建立存储，可装入演示档案")
root.stub("demo", "yk.cli.setup:demo", "在临时存储上从头到尾演示一个流程")
root.stub("operator", "yk.cli.operator:operator", "经办人")
root.stub("manual", "yk.cli.manual:manual", "作业规范：查、看、检索、校验、导出")
root.stub("flow", "yk.cli.flow:flow", "业务流程：查、看、画图、检查")
root.stub("material", "yk.cli.flow:material", "各流程要收的材料")
root.stub("customer", "yk.cli.customer:customer", "用电客户档案：导入、查询、导出")
root.stub("line", "yk.cli.customer:line", "线路")
root.stub("area", "yk.cli.customer:area", "台区")
root.stub("case", "yk.cli.case:case", "工单：受理、办理、流转、查询")
root.stub("batch", "yk.cli.batch:batch", "批量：按电子表格销户、改线路台区、新装")
root.stub("audit", "yk.cli.audit:audit", "数据稽核：规则、稽核、问题")
root.stub("scenario", "yk.cli.scenario:scenario", "场景：测试、演示、考试，覆盖和变异")
root.stub("store", "yk.cli.store:store", "存储：查看、检查、备份、转移")
root.stub("config", "yk.cli.config:config", "设置")
root.stub("doctor", "yk.cli.doctor:doctor", "体检：运行环境、终端、存储是否就绪")
root.stub("completion", "yk.cli.completion:completion", "命令补全脚本")
root.stub("help", "yk.cli.topics:help_", "专题帮助")
