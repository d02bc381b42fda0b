"""How paths and columns give way where room is short, whatever they hold."""

from hypothesis import given
from hypothesis import strategies as made

from espalier.gui.tables.paths import LOST, fitted_path
from espalier.gui.tables.widths import fitted

parts = made.lists(made.text("abc xyz…ü.", min_size=1, max_size=12), min_size=1, max_size=8)


@given(parts, made.integers(0, 400))
def test_that_a_file_name_is_always_whole_and_folders_go_whole_from_the_left(names: list[str], room: int) -> None:
    path = "/".join(names)
    folder, name = fitted_path(path, room, lambda text: 7 * len(text))
    assert name == names[-1]
    assert path.endswith(folder.removeprefix(LOST) + name) or folder == LOST
    kept = folder.removeprefix(LOST)
    assert not kept or path == kept + name or ("/" + kept + name) in path
    if folder:
        assert 7 * len(folder + name) <= room


@given(parts)
def test_that_a_path_that_fits_is_whole(names: list[str]) -> None:
    path = "/".join(names)
    assert "".join(fitted_path(path, len(path), len)) == path


def test_that_as_many_folders_are_kept_as_fit() -> None:
    path = "infra/deploy/staging/gateway.pem.j2"
    assert fitted_path(path, 34, len) == ("…/deploy/staging/", "gateway.pem.j2")
    assert fitted_path(path, 24, len) == ("…/staging/", "gateway.pem.j2")
    assert fitted_path(path, 16, len) == ("…/", "gateway.pem.j2")
    assert fitted_path(path, 9, len) == ("", "gateway.pem.j2")


columns = made.lists(made.tuples(made.integers(0, 300), made.integers(20, 120)), min_size=1, max_size=9)


@given(columns, made.integers(0, 1500), made.data())
def test_that_columns_fill_the_room_or_are_as_narrow_as_they_may_be(
    given_columns: list[tuple[int, int]], room: int, data: made.DataObject
) -> None:
    wanted, least = [one for one, _ in given_columns], [low for _, low in given_columns]
    stretch = data.draw(made.integers(0, len(wanted) - 1))
    widths = fitted(wanted, least, stretch, room)
    assert all(width >= low for width, low in zip(widths, least, strict=True))
    assert sum(widths) == max(room, sum(least))


def test_that_columns_without_a_stretching_one_are_as_wide_as_was_asked() -> None:
    assert fitted([100, 50], [20, 20], None, 400) == [100, 50]
