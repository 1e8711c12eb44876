"""The parts that people and sign-in bring to the program."""

from acts.access import ADMINISTRATOR, ANYONE, SECRETARY, SIGNED_IN
from acts.folding import Subject
from acts.packages import Package
from acts.refusal import Refused
from identity.records import SIGNED_OUT
from identity.state import OrganizationState

PACKAGE = Package(
    tables=("organizations", "people", "sessions", "devices", "sign_in_failures", "sign_in_guesses"),
    functions=(
        "authenticate",
        "close_session",
        "close_sessions_of",
        "close_own_sessions",
        "own_sessions",
        "session_open",
        "sign_in_purge",
        "found_organization",
        "sign_in_page",
        "set_organization_code",
        "organization_called",
        "sign_in_place",
        "device_known",
        "sign_in_counted",
        "sign_in_start",
        "sign_in_guess",
        "sign_in_finish",
        "guessed_right",
        "change_own_password",
        "set_password_of",
        "is_plain",
        "is_name",
        "is_code",
    ),
    subjects={"organization": Subject(OrganizationState())},
    routes=("identity.routes",),
    operations={
        "session.open": ANYONE,
        "sign_in.read": ANYONE,
        "session.close": SIGNED_IN,
        "session.read": ANYONE,
        "session.list": SIGNED_IN,
        "session.end": SIGNED_IN,
        "session.end_others": SIGNED_IN,
        "password.change": SIGNED_IN,
        "organization.read": SIGNED_IN,
        "organization.code": ADMINISTRATOR,
        "sign_in.link": ADMINISTRATOR,
        "sign_in.slips": ADMINISTRATOR,
        "history.read": ADMINISTRATOR | {"observer"},
        "person.create": ADMINISTRATOR,
        "person.list": ADMINISTRATOR | SECRETARY,
        "person.password": ADMINISTRATOR,
        "person.sign_out": ADMINISTRATOR,
    },
    jobs={"sign_in.purge": "identity.sessions:purge"},
    words={
        "organizations_code": Refused(
            "input.invalid",
            "这个代号已有单位使用，请另取一个。",
            "Another organization has this code; choose another.",
            {"field": "organization_code"},
        ),
        "session_proved": SIGNED_OUT,
        "sessions_in_session": Refused(
            "state.wrong",
            "此人是正在进行的会议的成员，现在结束登录会影响其表决。请在散会后办理；需要立即处理的，请另设密码，并报主持人同意。",
            "This person is a member of a meeting in session and would lose the vote: sign them out once it is"
            " adjourned. Where it cannot wait, give another password, with the chair's yes.",
        ),
        "people_staff_number": Refused(
            "input.invalid",
            "工号已被使用，请核对后另填。",
            "That staff number is taken; check it.",
            {"field": "staff_number"},
        ),
    },
    fields={
        "organization": "单位",
        "organization_code": "单位代号",
        "staff_number": "工号",
        "post": "职务",
        "password": "密码",
        "given": "初始密码",
        "old": "原密码",
        "new": "新密码",
        "administrator": "管理员",
        "active": "账号状态",
    },
)
