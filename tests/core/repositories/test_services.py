import pytest

from espalier.core.repositories.services import Services

PATHS = [
    "README.md", "billing/pyproject.toml", "billing/src/billing/tax.py", "services/orders/main.py", "services/orders/Dockerfile",
    "apps/web/ui/page.ts", "src/core/x.py", "docs/index.md", "libs/deep/er/go.mod", "libs/deep/er/a/b.go", "pyproject.toml", "src/top.py",
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("README.md", "shop"), ("billing/src/billing/tax.py", "billing"), ("services/orders/main.py", "orders"),
        ("apps/web/ui/page.ts", "web"), ("src/core/x.py", "core"), ("docs/index.md", "docs"), ("libs/deep/er/a/b.go", "er"),
        ("pyproject.toml", "shop"), ("src/top.py", "src"),
    ],
)  # fmt: skip
def test_that_a_path_belongs_to_the_folder_that_packages_it_or_to_the_layout(path: str, service: str) -> None:
    assert Services("shop", PATHS).of(path) == service


def test_that_the_person_s_map_wins_and_the_longest_prefix_counts() -> None:
    services = Services("shop", PATHS, {"billing/": "money", "billing/src/billing/": "tax", "docs/index.md": "web"})
    assert services.of("billing/setup.py") == "money"
    assert services.of("billing/src/billing/tax.py") == "tax"
    assert services.of("docs/index.md") == "web"
    assert services.of("billings/x.py") == "billings"


def test_that_an_empty_prefix_names_the_whole_repository() -> None:
    assert Services("shop", PATHS, {"": "all"}).of("services/orders/main.py") == "all"
