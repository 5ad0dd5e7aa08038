"""Settings of one process, read once from the environment (prefix GQL_SALES_) and passed down."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator may set; every field is read from ``GQL_SALES_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="GQL_SALES_")

    database_url: str = ""
    """postgresql://user:password@host/name of a PostgreSQL 15 or newer; empty starts the embedded one."""
    data_folder: Path = Path(".gql-sales")
    """Where the embedded database and the demo's secret live."""
    host: str = "127.0.0.1"
    port: int = 8000
    jwt_secret: SecretStr = SecretStr("")
    """HS256 key of people's tokens, at least 32 bytes; the server refuses to start without it, the demo makes one."""
    jwt_audience: str = "gql-sales"
    cursor_secret: SecretStr = SecretStr("")
    """Key that page cursors are signed with; derived from jwt_secret when empty."""
    allowed_origins: list[str] = []
    """Origins whose pages may call the API; the server's own origin always may."""
    trusted_proxies: list[str] = []
    """Addresses or networks of proxies whose X-Forwarded-For is believed; nobody's by default."""
    is_development: bool = False
    """Opens introspection, suggestions and GraphiQL to everybody."""
    is_running_jobs: bool = True
    """Whether the server also does what `gql-sales worker` does: events in order, expiry, deletion of old keys."""
    write_pool_size: int = 16
    read_pool_size: int = 8

    @property
    def cursor_key(self) -> bytes:
        """What page cursors are signed with."""
        own = self.cursor_secret.get_secret_value() or f"cursors:{self.jwt_secret.get_secret_value()}"
        return own.encode()
