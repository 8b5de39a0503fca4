"""Starts the emulator with the few repairs that the local stage needs; README.md says what else differs from AWS.

Runs in the environment of requirements.txt and is written for that release only. What a repair replaces must be
there: a release that has it no longer fails here, at the start, and not in a test of something else.
"""

import functools
import logging
import os
import queue
import signal
import subprocess
import threading
import time

from ministack.app import main
from ministack.core import lambda_runtime
from ministack.services import lambda_svc, sqs
from ministack.services.cloudformation import provisioners

log = logging.getLogger("local-stage")

END_OF_LOG = "[end of the call's log]"
# After the last line: that long only where a process of the function's own keeps the pipe open.
END_OF_LOG_SECONDS = 5


def let_running_tasks_end():
    """On AWS an update or a delete lets what runs run to its end. The emulator kills the process in mid-task; the
    message then stays invisible for its whole visibility timeout and has lost an attempt."""
    release = lambda_runtime.release_worker

    def retire(func_name, qualifier=None, account=None, region=None):
        def concerned(key):
            its_account, its_region, its_name, its_qualifier = key.split(":")
            return (
                its_name == func_name
                and qualifier in (None, its_qualifier)
                and account in (None, its_account)
                and region in (None, its_region)
            )

        with lambda_runtime._lock:
            retired = [w for key in filter(concerned, list(lambda_runtime._workers)) for w in lambda_runtime._workers.pop(key)]
            for worker in retired:
                worker.retired = True
            # Leased without being in a call: it failed to start.
            idle = [w for w in retired if not (w.in_use and w._lock.locked())]
        lambda_runtime.kill_workers(idle)

    def release_or_end(worker):
        release(worker)
        if getattr(worker, "retired", False):
            threading.Thread(target=lambda_runtime.kill_workers, args=([worker],), daemon=True).start()

    lambda_svc.invalidate_worker = retire
    lambda_svc.release_worker = release_or_end


def poll_streams_aside():
    """One thread polls queues and streams, and runs a stream's function itself: while a listener runs or starts up,
    no queue is served, and every task in the stage starts late. AWS's pollers know nothing of each other."""
    poll = lambda_svc._poll_dynamodb_streams
    turn = threading.Lock()
    missed = threading.Event()

    def pass_over_streams():
        missed.clear()
        processed = False
        try:
            processed = poll()
        except Exception:
            log.exception("polling the streams failed")
        finally:
            turn.release()
        if processed or missed.is_set():
            lambda_svc._esm_wake.set()

    def start_a_pass():
        if turn.acquire(blocking=False):
            threading.Thread(target=pass_over_streams, daemon=True, name="streams").start()
        else:
            missed.set()
        return False

    lambda_svc._poll_dynamodb_streams = start_a_pass


class WakeWhenDue:
    """Wakes as the event does that it stands for, and when the next message of any queue is due."""

    def __init__(self, event):
        self.event = event
        self.set = event.set
        self.clear = event.clear

    def wait(self, timeout):
        now = time.time()
        dues = [m["visible_at"] for q in list(sqs._queues._data.values()) for m in list(q["messages"])]
        seconds = min((due for due in dues if due > now), default=now + timeout) - now
        return self.event.wait(min(timeout, seconds))


def deliver_when_due():
    """AWS's pollers hand a message over when its delay or its hiding ends. The emulator looks once a second, if nothing
    else wakes it: tasks that are due one after the other start together, up to a second late."""
    lambda_svc._esm_wake = WakeWhenDue(lambda_svc._esm_wake)


def refuse_second_mapping():
    """AWS refuses a second mapping of the same queue to the same function, and names the first. The emulator makes
    it, and the pipeline then runs twice as many tasks as it may."""
    create = lambda_svc._create_esm

    def create_once(data):
        source, function = data.get("EventSourceArn", ""), data.get("FunctionName", "")
        name = lambda_svc._resolve_name(function)
        for mapping in lambda_svc._esms.values():
            if mapping["EventSourceArn"] == source and mapping["FunctionName"] == name:
                return lambda_svc.error_response_json(
                    "ResourceConflictException",
                    f'An event source mapping with SQS arn (" {source} ") and function (" {name} ") already exists. '
                    f"Please update or delete the existing mapping with UUID {mapping['UUID']}",
                    409,
                )
        return create(data)

    lambda_svc._create_esm = create_once


def tell_error_names():
    """AWS names the error that a function threw; the emulator calls every one Runtime.HandlerError, so that the
    status of a pipeline could not say which call of AWS failed, and no Retry or Catch by name would match."""
    thrown = 'status: "error", error: String(err.message || err), trace: err.stack || ""'
    named = 'errorType: err.name || "Error", ' + thrown
    if thrown not in lambda_runtime._NODEJS_WORKER_SCRIPT:
        raise RuntimeError("the emulator's function host has changed")
    lambda_runtime._NODEJS_WORKER_SCRIPT = lambda_runtime._NODEJS_WORKER_SCRIPT.replace(thrown, named)

    invoke, execute = lambda_runtime.Worker.invoke, lambda_svc._execute_function_warm
    last = threading.local()

    @functools.wraps(invoke)
    def invoke_and_note(self, *args, **kwargs):
        response = invoke(self, *args, **kwargs)
        last.error_type = response.get("errorType")
        return response

    @functools.wraps(execute)
    def execute_and_name(*args, **kwargs):
        last.error_type = None
        result = execute(*args, **kwargs)
        if result.get("error") and last.error_type:
            result["body"]["errorType"] = last.error_type
        return result

    lambda_runtime.Worker.invoke = invoke_and_note
    lambda_svc._execute_function_warm = execute_and_name


def keep_every_line_of_log():
    """On AWS every line that a call writes is kept. The emulator stops listening 5 ms after the last line it has heard,
    and what comes later goes to the next call's log, or is lost where there is none: on a busy machine that happens.
    Here the function's process writes a last line of its own, and the emulator listens until it has come."""
    script = lambda_runtime._NODEJS_WORKER_SCRIPT
    bound = "const _realStdoutWrite = process.stdout.write.bind(process.stdout);"
    if bound not in script or '_realStdoutWrite(JSON.stringify({ status: "ready"' not in script:
        raise RuntimeError("the emulator's function host has changed")
    # Before what it answers, on the pipe of the log; that it is ready is no answer.
    lambda_runtime._NODEJS_WORKER_SCRIPT = script.replace(
        bound,
        "let _answers = 0;"
        "const _realStdoutWrite = ((write) => (line) => {"
        f"""if (!line.startsWith('{{"status":"ready"')) _stderrWrite("{END_OF_LOG} " + ++_answers + "\\n");"""
        "return write(line);"
        "})(process.stdout.write.bind(process.stdout));",
    )
    worker = lambda_runtime.Worker
    drain, drain_of_the_dead = worker._drain_stderr_bounded, worker._drain_stderr

    def drain_to_the_end(self, *args, **kwargs):
        if not self.config.get("Runtime", "").startswith("nodejs"):
            return drain(self, *args, **kwargs)
        # Of one process.
        heard = self._stderr_queue
        heard.answers = getattr(heard, "answers", 0) + 1
        lines, until = [], time.monotonic() + END_OF_LOG_SECONDS
        while time.monotonic() < until:
            has_ended = not self._stderr_thread.is_alive()
            try:
                line = heard.get(timeout=0.05)
            except queue.Empty:
                # A process that died has told all it could.
                if has_ended:
                    break
                continue
            until = time.monotonic() + END_OF_LOG_SECONDS
            said, mark, number = line.rpartition(f"{END_OF_LOG} ")
            if not mark:
                lines.append(line)
                continue
            if said:
                lines.append(said)
            # That of an earlier call came too late.
            if int(number) >= heard.answers:
                break
        return "\n".join(lines)

    def drain_to_its_end(self):
        if self._stderr_thread is not None:
            self._stderr_thread.join(END_OF_LOG_SECONDS)
        return drain_of_the_dead(self)

    worker._drain_stderr_bounded = drain_to_the_end
    # Only asked for once the process was ended, as its call took too long.
    worker._drain_stderr = drain_to_its_end


def keep_alarms_of_expressions():
    """CloudFormation makes alarms of metric math; the emulator, which has none, would refuse the whole stack. It keeps
    them, of a metric that nobody writes: they never go off here."""
    record = provisioners._cw_metric_alarm_record

    def record_any(name, props):
        if not props.get("Metrics"):
            return record(name, props)
        plain = {key: value for key, value in props.items() if key != "Metrics"}
        return record(name, {**plain, "Namespace": "Expressions", "MetricName": name})

    provisioners._cw_metric_alarm_record = record_any


def end_with_parent():
    """A test run that is killed outright cannot stop its emulator: then it ends itself, functions included."""
    parent = int(os.environ.get("SLUICE_EMULATOR_PARENT", "0"))

    def watch():
        while os.getppid() == parent:
            time.sleep(0.5)
        # Outside of the group, and after its end: what still runs would write into the folder again.
        subprocess.Popen(["sh", "-c", 'sleep 1; rm -rf "$TMPDIR"'], start_new_session=True)
        os.killpg(os.getpgrp(), signal.SIGKILL)

    if parent:
        threading.Thread(target=watch, daemon=True, name="end-with-parent").start()


if __name__ == "__main__":
    end_with_parent()
    let_running_tasks_end()
    poll_streams_aside()
    deliver_when_due()
    refuse_second_mapping()
    tell_error_names()
    keep_every_line_of_log()
    keep_alarms_of_expressions()
    main()
