-- Replays one request that was signed beforehand. Arguments: method, body, then names and values of headers in turn.
-- What the run came to is printed as one line of JSON.

function init(args)
    wrk.method = args[1]
    wrk.body = args[2]
    for i = 3, #args, 2 do
        wrk.headers[args[i]] = args[i + 1]
    end
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '{"requests":%d,"seconds":%.6f,"failed":%d,"p50_ms":%.3f,"p99_ms":%.3f}\n',
        summary.requests,
        summary.duration / 1e6,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout,
        latency:percentile(50) / 1e3,
        latency:percentile(99) / 1e3))
end
