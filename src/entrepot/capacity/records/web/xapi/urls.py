"""Addresses under /xapi/, as `front` writes them."""

from django.urls import re_path

from ...enums import DocumentKind
from . import documents, others, statements, writing
from .wire import resource

app_name = "xapi"
urlpatterns = [
    re_path(r"^statements/?$", resource(get=statements.get, put=writing.put, post=writing.post), name="statements"),
    re_path(r"^statements/more/(?P<token>[\w-]{1,20000})$", resource(get=statements.more), name="more"),
    re_path(r"^activities/state/?$", resource(**documents.views(DocumentKind.STATE)), name="state"),
    re_path(r"^activities/profile/?$", resource(**documents.views(DocumentKind.ACTIVITY_PROFILE)), name="activity_profile"),
    re_path(r"^activities/?$", resource(get=others.activities), name="activities"),
    re_path(r"^agents/profile/?$", resource(**documents.views(DocumentKind.AGENT_PROFILE)), name="agent_profile"),
    re_path(r"^agents/?$", resource(get=others.agents), name="agents"),
    re_path(r"^about/?$", resource(versioned=False, get=others.about), name="about"),
    re_path(r"^.*$", resource(versioned=False, **dict.fromkeys(("get", "post", "put", "delete"), others.nowhere)), name="nowhere"),
]
