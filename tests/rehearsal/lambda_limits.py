"""What Lambda refuses to deploy, with the words of its own that Zappa and operators see."""

import base64
import io
import json
import zipfile
from collections.abc import Collection
from typing import Any

# Lambda's quotas: a zip that is uploaded directly, everything unzipped, all variables together.
ZIP_MAX_BYTES = 52_428_800
UNZIPPED_MAX_BYTES = 262_144_000
ENVIRONMENT_MAX_BYTES = 4_096
# Lambda sets these itself and refuses a configuration that names one.
RESERVED = frozenset(
    {
        "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
    }
)  # fmt: skip


def fault_of(request: dict[str, Any], *, runtimes: Collection[str]) -> str:
    """Say why a Lambda with these runtimes would refuse to create or change a function, or ""."""
    if request.get("Runtime") not in {None, *runtimes}:
        return f"Value {request['Runtime']} at 'runtime' is none of: [{', '.join(runtimes)}]"
    variables = (request.get("Environment") or {}).get("Variables") or {}
    reserved = sorted(RESERVED & set(variables))
    if reserved:
        return (
            "Lambda was unable to configure your environment variables because the environment"
            f" variables you have provided contains reserved keys: {', '.join(reserved)}"
        )
    if len(json.dumps(variables)) > ENVIRONMENT_MAX_BYTES:
        return f"The environment variables are larger than {ENVIRONMENT_MAX_BYTES} bytes."
    encoded = request.get("ZipFile") or (request.get("Code") or {}).get("ZipFile")
    if encoded:
        code = base64.b64decode(encoded)
        if len(code) > ZIP_MAX_BYTES:
            return f"The zip is larger than {ZIP_MAX_BYTES} bytes."
        with zipfile.ZipFile(io.BytesIO(code)) as archive:
            if sum(member.file_size for member in archive.infolist()) > UNZIPPED_MAX_BYTES:
                return f"Unzipped size must be smaller than {UNZIPPED_MAX_BYTES} bytes"
    return ""
