"""Package metadata of yk. Tools are configured in pyproject.toml."""

from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = next(
    line.split('"')[1]
    for line in (HERE / "yk" / "__init__.py").read_text(encoding="utf-8").splitlines()
    if line.startswith("__version__")
)

XLSX = ["openpyxl>=3.1,<4"]
POSTGRES = ["psycopg[binary]>=3.2,<4"]
WEB = ["textual-serve>=1.1.3,<2"]
BENCH = ["SpiffWorkflow==3.2.0", "pandas>=2.2", "pandera>=0.24", "pyarrow>=17"]
AUDIT = ["duckdb>=1.1"]
TEST = [
    *XLSX,
    *WEB,
    *AUDIT,
    "hypothesis>=6.100",
    "junitparser>=3.2",
    "mypy>=1.13",
    "polib>=1.2",
    "pyte>=0.8.2",
    "pytest>=8.3",
    "pytest-xdist>=3.6",
    "ruff>=0.8",
    "types-PyYAML",
    "types-tabulate",
    "types-openpyxl",
    "xmlschema>=3.4",
]

setup(
    name="yk",
    version=VERSION,
    description="业扩：电力营销业务流程工具 / process toolkit for a power utility's marketing business",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="MIT",
    python_requires=">=3.11",
    packages=find_packages(include=["yk", "yk.*"]),
    include_package_data=True,
    package_data={
        "yk": ["**/*.yaml", "**/*.csv", "**/*.mo", "**/*.jsonl", "**/*.tcss", "**/*.html", "py.typed"]
    },
    install_requires=[
        "click>=8.5,<9",
        "tinydb>=4.9,<5",
        "python-statemachine>=3.2,<3.3",
        "markdown-it-py>=3,<5",
        "textual>=8.2.8,<9",
        "pyyaml>=6,<7",
        "tabulate[widechars]>=0.9,<1",
        "chinesecalendar>=1.11",
        "filelock>=3.16",
        "orjson>=3.10,<4",
    ],
    extras_require={
        "xlsx": XLSX,
        "postgres": POSTGRES,
        "audit": AUDIT,
        "web": WEB,
        "bench": BENCH,
        "test": TEST,
    },
    entry_points={"console_scripts": ["yk=yk.cli:main"], "pytest11": ["yk=yk.pytest_plugin"]},
)
