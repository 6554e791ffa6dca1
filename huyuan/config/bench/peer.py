"""The same roster through django-import-export, in its default way and in its fastest documented one."""

from pathlib import Path
from typing import Any

from import_export import fields, resources
from tablib import Dataset

from huyuan.organisations.models import County, Organisation, OrganisationKind, School

YES = {"是", "√"}
COLUMNS = {
    "identifier": "学校标识码", "pupils": "在校学生数", "boarders": "其中:寄宿生", "staff": "教职工数", "guards": "专职保安员数",
}  # fmt: skip
FLAGS = {
    "closed_campus": "封闭化管理", "alarm_networked": "一键式报警(联网)", "video_networked": "视频监控联网", "guard_post": "护学岗",
}  # fmt: skip


class SchoolResource(resources.ModelResource):  # type: ignore[misc]  # import-export has no types
    """Writes the organisation of a row before the row, as its documentation proposes for parents."""

    identifier = fields.Field(attribute="identifier", column_name=COLUMNS["identifier"])
    pupils = fields.Field(attribute="pupils", column_name=COLUMNS["pupils"])
    boarders = fields.Field(attribute="boarders", column_name=COLUMNS["boarders"])
    staff = fields.Field(attribute="staff", column_name=COLUMNS["staff"])
    guards = fields.Field(attribute="guards", column_name=COLUMNS["guards"])

    class Meta:
        model = School
        import_id_fields = ("identifier",)
        fields = tuple(COLUMNS)

    def __init__(self, county: County) -> None:
        super().__init__()
        self.county = county
        self.places: dict[str, Organisation] = {}

    def place(self, kind: str, name: str) -> Organisation:
        """A town or station, made once."""
        if name not in self.places:
            self.places[name] = Organisation.named(county=self.county, kind=kind, name=name)
            self.places[name].save()
        return self.places[name]

    def before_save_instance(self, instance: School, row: dict[str, Any], **kwargs: Any) -> None:
        """Fill what is not a plain column."""
        organisation = Organisation.named(county=self.county, kind=OrganisationKind.SCHOOL, name=row["学校名称"])
        organisation.save()
        instance.organisation, instance.county, instance.kind = organisation, self.county, School.Kind.PRIMARY
        instance.town = self.place(OrganisationKind.TOWN, row["所在乡镇"])
        instance.station = self.place(OrganisationKind.STATION, row["辖区派出所"])
        for name, column in FLAGS.items():
            setattr(instance, name, row[column] in YES)


def bring_in(county: County, path: Path, *, bulk: bool) -> int:
    """Import the workbook; answers how many schools there are then."""
    resource = SchoolResource(county)
    if bulk:
        resource._meta.use_bulk, resource._meta.batch_size = True, 1_000
        resource._meta.skip_diff = resource._meta.force_init_instance = True
    dataset = Dataset().load(path.read_bytes(), format="xlsx")
    result = resource.import_data(dataset, raise_errors=True, use_transactions=True)
    if result.has_errors():
        raise AssertionError("the peer reports errors")
    return School.objects.count()
