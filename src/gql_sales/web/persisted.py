"""Automatic persisted queries: a client that has sent a document once may name it by its hash from then on."""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Mapping

from gql_sales.kernel.request_errors import Code, RequestError
from gql_sales.web.limits import PERSISTED_BODIES

SHA256 = re.compile(r"[0-9a-f]{64}")


class PersistedQueries:
    """The documents of one audience in the memory of one process; a client that finds one forgotten sends it again."""

    def __init__(self, body: int) -> None:
        """``body`` is the most characters that a request may have; a few times that are kept."""
        self._room = body * PERSISTED_BODIES
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._characters = 0

    def text_of(self, query: str | None, extensions: Mapping[str, object] | None) -> str:
        """The document that a request brings or names.

        PERSISTED_QUERY_NOT_FOUND for an unknown hash, BAD_USER_INPUT for one that is not the document's.
        """
        hash_ = named_hash(extensions)
        if hash_ is None:
            return query or ""
        if query:
            if hashlib.sha256(query.encode()).hexdigest() != hash_:
                raise RequestError(Code.BAD_USER_INPUT, "sha256Hash is not the hash of the query.")
            return query
        if hash_ not in self._texts:
            raise RequestError(Code.PERSISTED_QUERY_NOT_FOUND, "PersistedQueryNotFound")
        self._texts.move_to_end(hash_)
        return self._texts[hash_]

    def remember(self, text: str, extensions: Mapping[str, object] | None) -> None:
        """Keep a document that ``text_of`` gave and that is valid, at the cost of those not used for longest."""
        hash_ = named_hash(extensions)
        if hash_ is None or hash_ in self._texts:
            return
        self._texts[hash_] = text
        self._characters += len(text)
        while self._characters > self._room:
            _, oldest = self._texts.popitem(last=False)
            self._characters -= len(oldest)


def named_hash(extensions: Mapping[str, object] | None) -> str | None:
    """The hash in the extensions; PERSISTED_QUERY_NOT_SUPPORTED when it is there in a way that is not known here."""
    found = (extensions or {}).get("persistedQuery")
    if found is None:
        return None
    if not isinstance(found, dict) or found.get("version") != 1:
        raise RequestError(Code.PERSISTED_QUERY_NOT_SUPPORTED, "PersistedQueryNotSupported")
    hash_ = found.get("sha256Hash")
    if not isinstance(hash_, str) or not SHA256.fullmatch(hash_):
        raise RequestError(Code.BAD_USER_INPUT, "sha256Hash must be 64 lower-case hexadecimal digits.")
    return hash_
