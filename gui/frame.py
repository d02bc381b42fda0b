"""The frame of a window: top bar, sidebar, the pages in their scroll areas, and the job bar."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from espalier.core.failures import Broken
from espalier.gui.bugs import running_on
from espalier.gui.job_bar import JobBar
from espalier.gui.parts.banner import Banner
from espalier.gui.parts.error_panel import ErrorPanel
from espalier.gui.parts.rule import Ground, Rule
from espalier.gui.sidebar import Page, Sidebar
from espalier.gui.top_bar import TopBar

MARGIN = 16  # pixels that stay between what has the keyboard and the edge of its place


class Frame(QWidget):
    """gone_to(page): the person went to a page in the sidebar; whoever fills the frame shows it."""

    gone_to = Signal(str)

    def __init__(
        self,
        name: str,
        pages: Sequence[Page],
        low: Sequence[Page],
        actions: Mapping[str, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.top_bar = TopBar(name, actions)
        self.sidebar = Sidebar(pages, low)
        self.job_bar = JobBar(actions)
        self.lost, self.trouble, self.broken = Banner("bad"), ErrorPanel(), ErrorPanel()
        self.waiting = Banner("info")
        self.drawer_place = QVBoxLayout()
        self._areas: dict[str, QScrollArea] = {}
        self._pages = QStackedWidget()
        self.sidebar.gone_to.connect(self.gone_to)
        self._lay_out()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._bring_into_view)

    def add_page(self, name: str, page: QWidget, title: str) -> None:
        """Known by its name; the title is what those hear who can't see it."""
        area = _scrolling(page)
        area.setAccessibleName(title)
        self._areas[name] = area
        self._pages.addWidget(area)

    def has_page(self, name: str) -> bool:
        return name in self._areas

    def show_page(self, name: str) -> None:
        self.sidebar.go_to(name)
        self._pages.setCurrentWidget(self._areas[name])

    def show_broken(self, broken: Broken) -> None:
        """A bug of ours, above every page until it is closed: where it broke, and in what, to be copied."""
        self.broken.say(broken.sentence, broken.remedy, "\n".join((*broken.places, running_on())))

    @property
    def page_area(self) -> QWidget:
        """Where toasts stand."""
        return self._pages

    def scrolls(self, name: str) -> tuple[int, int]:
        """By how many pixels a page is wider and higher than its place."""
        area = self._areas[name]
        return area.horizontalScrollBar().maximum(), area.verticalScrollBar().maximum()

    def _bring_into_view(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Qt scrolls to what Tab leads to within an area, but not to what it enters one by; a click moves nothing."""
        area = self._pages.currentWidget()
        if (
            now is None
            or QApplication.mouseButtons()
            or not isinstance(area, QScrollArea)
            or not area.isAncestorOf(now)
        ):
            return
        area.ensureWidgetVisible(now, 0, MARGIN)

    def _lay_out(self) -> None:
        side = Ground("window")
        within = QVBoxLayout(side)
        within.setContentsMargins(0, 0, 0, 0)
        within.addWidget(self.sidebar)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.lost)
        right.addWidget(self.waiting)
        right.addWidget(self.trouble)
        right.addWidget(self.broken)
        right.addWidget(self._pages, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(side)
        middle.addWidget(Rule(Qt.Orientation.Vertical))
        middle.addLayout(right, 1)
        self.drawer_place.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addWidget(Rule())
        column.addLayout(middle, 1)
        column.addLayout(self.drawer_place)
        column.addWidget(Rule())
        column.addWidget(self.job_bar)


def _scrolling(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setBackgroundRole(area.palette().ColorRole.Base)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area
