"""Errors with which the program cannot go on; each writes its own sentence."""

from pathlib import Path


class YijueError(Exception):
    """An error shown to the operator as it is, in one line: what is wrong and what to do."""


class StorageError(YijueError):
    """The store cannot be used; the sentence says what to do."""


class NewerSchemaError(StorageError):
    """The database was migrated by a newer program."""

    def __init__(self, found: int, known: int) -> None:
        self.found, self.known = found, known
        super().__init__(f"the database is at schema {found}, this program knows {known}: install the newer program")


class ChangedMigrationError(StorageError):
    """A migration that was applied no longer reads as it did."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"migration {name} was changed after it was applied: restore the program's files")


class SchemaBehindError(StorageError):
    """The database lacks migrations and no owner's sign-in was given."""

    def __init__(self, found: int, known: int) -> None:
        self.found, self.known = found, known
        super().__init__(
            f"the database is at schema {found}, the program needs {known}: "
            "set YIJUE_DATABASE_OWNER_URL and run `yijue migrate`"
        )


class PrivilegedRoleError(StorageError):
    """The program was given a sign-in that could get round the guarantees."""

    def __init__(self, role: str) -> None:
        self.role = role
        super().__init__(
            f"role {role} owns the tables, bypasses row security, or may become a role that does: "
            "sign in with the role yijue_app in YIJUE_DATABASE_URL"
        )


class OwnerUnknownError(StorageError):
    """An operation is the owner's alone, and no owner's sign-in is known."""

    def __init__(self, doing: str) -> None:
        self.doing = doing
        super().__init__(f"{doing} takes the owner's sign-in: set YIJUE_DATABASE_OWNER_URL")


class SignInRefusedError(StorageError):
    """PostgreSQL did not let the program in."""

    def __init__(self, setting: str, why: str) -> None:
        self.setting, self.why = setting, why
        super().__init__(f"PostgreSQL does not let the program in ({why}): check {setting}")


class UnreachableError(StorageError):
    """PostgreSQL cannot be reached, or was lost while a statement was under way."""

    def __init__(self) -> None:
        super().__init__("PostgreSQL cannot be reached: start it, then try again")


class DiskFullError(StorageError):
    """There is no room on the disk that holds the data."""

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(
            f"磁盘已满，无法启动；数据完好。请清理磁盘空间后重新启动 · no space is left on the disk of {where}: "
            "free some, then start again; the data are as they were"
        )


class EmbeddedServerError(StorageError):
    """The embedded PostgreSQL did not start."""

    def __init__(self, why: str, log: Path) -> None:
        self.why, self.log = why, log
        super().__init__(f"the embedded PostgreSQL did not start ({why}): see {log}")


class EmbeddedServerEndedError(StorageError):
    """The embedded PostgreSQL ended by itself while it was needed."""

    def __init__(self, log: Path) -> None:
        self.log = log
        super().__init__(
            f"the embedded PostgreSQL ended again and again: see {log}, then start again; what was acknowledged is kept"
        )


class FolderInUseError(StorageError):
    """Another yijue uses this data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"another yijue is using {folder}: stop it, or name another folder in YIJUE_DATA")


class PasswordsMissingError(StorageError):
    """The data folder has a cluster, and the file of its passwords is missing or unreadable."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"{folder / 'passwords.json'} is missing or cannot be read: put it back from the backup, or run "
            "`yijue renew-passwords`; the data in the cluster stay as they are"
        )


class PasswordsWrongError(StorageError):
    """The passwords kept beside the cluster are not those of its roles."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"{folder / 'passwords.json'} does not belong to the cluster beside it: put back the right one, or run "
            "`yijue renew-passwords`"
        )


class ClusterMissingError(StorageError):
    """The data folder has passwords and no cluster."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"{folder} has passwords.json and no cluster: restore the cluster from the backup, or move passwords.json "
            "away to begin with an empty database"
        )


class ClusterVersionError(StorageError):
    """The cluster is of another major version of PostgreSQL than the one that comes along."""

    def __init__(self, folder: Path, found: str, needed: str) -> None:
        self.folder, self.found, self.needed = folder, found, needed
        super().__init__(
            f"{folder / 'cluster'} is of PostgreSQL {found}, this program brings {needed}: run "
            "`yijue upgrade-database` (docs/operation.md); the data stay as they are until then"
        )


class AccountMissingError(StorageError):
    """Root runs the program, and the account for PostgreSQL is not there and cannot be made."""

    def __init__(self, account: str) -> None:
        self.account = account
        super().__init__(
            f"PostgreSQL does not run as root and there is no account {account}: make it with "
            f"`useradd --system --user-group {account}`, or start yijue as another user"
        )


class StrangerError(StorageError):
    """The cluster's process number is a running process that may be anybody's."""

    def __init__(self, pid: int, file: Path) -> None:
        self.pid, self.file = pid, file
        super().__init__(
            f"{file} names process {pid}, which runs: end it if it is this folder's PostgreSQL, else remove the file"
        )


class DamagedBookError(StorageError):
    """A book of the ledger does not end where its head says: records are missing, or stand that should not."""

    def __init__(self, subject: tuple[str, int], head: int, last: int) -> None:
        self.subject, self.head, self.last = subject, head, last
        super().__init__(
            f"the ledger of {subject[0]} {subject[1]} is damaged: its head is record {head}, and record {last} is the "
            "last that is there: run `yijue check`, then restore from a backup"
        )


class BackupDamagedError(StorageError):
    """A backup is not whole, or not as it was written."""

    def __init__(self, folder: Path, why: str) -> None:
        self.folder, self.why = folder, why
        super().__init__(f"the backup {folder} is not whole ({why}): take another one")


class BackupRunningError(StorageError):
    """Another backup is being written into the same folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"another backup is being written into {folder}: wait until it has ended")


class BackupFailedError(StorageError):
    """One of PostgreSQL's programs did not do its part of a backup or of a restoring."""

    def __init__(self, program: str, said: str) -> None:
        self.program, self.said = program, said
        super().__init__(f"{program} failed: {said}")


class RestoringRefusedError(StorageError):
    """A backup cannot be restored here; the sentence says why and where to."""


class UpgradeRefusedError(StorageError):
    """The embedded cluster cannot be upgraded, or need not be; the sentence says why."""


class ImportRefusedError(StorageError):
    """An exported organization cannot be taken in here; the sentence says why."""
