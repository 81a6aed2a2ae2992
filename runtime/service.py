"""The console as the API sees it: the parts put together."""

from layers.tiles import TileService
from live.hub import Hub
from runtime.alert_reading import AlertReading
from runtime.assignment_work import AssignmentWork
from runtime.avl_work import AvlWork
from runtime.briefs import NEVER, Briefs, Plan
from runtime.case_export import CaseExport
from runtime.case_reading import CaseReading
from runtime.case_writing import CaseWriting
from runtime.cover_watch import CoverWatch
from runtime.device_import import DeviceImport
from runtime.field_work import FieldWork
from runtime.figures_dispatching import dispatching_sources
from runtime.figures_work import FiguresWork
from runtime.hotline_import import HotlineFrames, HotlineImport
from runtime.intake import Intake
from runtime.notify_work import NotifyWork
from runtime.past_reading import PastReading
from runtime.photos import PhotoFolder
from runtime.place_search import PlaceSearch
from runtime.place_telling import PlaceTelling
from runtime.plan_work import PlanWork
from runtime.position_door import PositionDoor
from runtime.positions import PositionTeller
from runtime.recommending import Recommending
from runtime.reference import Reference
from runtime.road_work import RoadWork
from runtime.rooms import Rooms
from runtime.sensing_desk import SensingDesk
from runtime.sensing_room import SensingRoom
from runtime.shift_work import ShiftWork
from runtime.unit_work import UnitWork
from runtime.value_import import ValueImport
from runtime.warning_work import WarningWork
from runtime.wire_work import WireWork


class ConsoleService(
    CaseWriting,
    CaseReading,
    AlertReading,
    AvlWork,
    FieldWork,
    NotifyWork,
    UnitWork,
    AssignmentWork,
    Reference,
    PlaceSearch,
    PlaceTelling,
    RoadWork,
    Recommending,
    PlanWork,
    CoverWatch,
    Intake,
    CaseExport,
    PastReading,
    ShiftWork,
    WarningWork,
    FiguresWork,
    WireWork,
):
    """`exchange.intake_ports.ConsoleService`: every part of the API's service over the same rooms."""

    def __init__(
        self,
        rooms: Rooms,
        hub: Hub,
        tiles: TileService,
        teller: PositionTeller,
        photos: PhotoFolder,
        door: PositionDoor,
        plan: Plan = NEVER,
    ) -> None:
        CaseWriting.__init__(self, rooms)
        CaseReading.__init__(self, rooms)
        AlertReading.__init__(self, rooms)
        AvlWork.__init__(self, rooms, door)
        FieldWork.__init__(self, rooms, photos)
        NotifyWork.__init__(self, rooms)
        UnitWork.__init__(self, rooms, teller, door)
        AssignmentWork.__init__(self, rooms)
        Reference.__init__(self, rooms, hub, tiles)
        PlaceSearch.__init__(self, rooms.ground)
        PlaceTelling.__init__(self, rooms)
        RoadWork.__init__(self, rooms)
        Recommending.__init__(self, rooms, self.network)
        PlanWork.__init__(self, rooms)
        CoverWatch.__init__(self, rooms, self.network)
        PastReading.__init__(self, rooms)
        Intake.__init__(self, rooms, self, self, photos)
        CaseExport.__init__(self, rooms, photos)
        ShiftWork.__init__(self, rooms)
        WarningWork.__init__(self, rooms)
        FiguresWork.__init__(self, rooms)
        self.briefs = Briefs(rooms, self, tiles, plan)
        self.brought = ValueImport(rooms, self)
        self.hotline = HotlineImport(rooms)
        self.book.also(HotlineFrames(self.hotline), *dispatching_sources(rooms))

    def open_sensing(self, rooms: Rooms, room: SensingRoom) -> None:
        """Take the sensors' room, once it is open."""
        self.sensors = SensingDesk(room, rooms.journal, rooms.clock)
        self.devices = DeviceImport(rooms, room.sensing)
