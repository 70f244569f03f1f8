-- For wrk: posts the lines of a file in turn, and prints one JSON object at the end.
--
--   wrk -s post.lua URL -- FILE

local requests = {}
local next_request = 0

function init(arguments)
  local headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer key" }
  for line in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("POST", nil, headers, line)
  end
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

function done(summary)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('{"requests": %d, "seconds": %.6f, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, failed))
end
