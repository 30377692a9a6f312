-- wrk's request for one operation of ECR's control plane: wrk --script post.lua URL -- OPERATION INPUT DATE AUTHORIZATION START
-- NUMBER in the input is another number of 64 digits in every request, counted from START.
local number = 0
local counts = false
function init(args)
  wrk.method = "POST"
  wrk.body = args[2]
  wrk.headers["Content-Type"] = "application/x-amz-json-1.1"
  wrk.headers["X-Amz-Target"] = "AmazonEC2ContainerRegistry_V20150921." .. args[1]
  wrk.headers["X-Amz-Date"] = args[3]
  wrk.headers["Authorization"] = args[4]
  number = tonumber(args[5])
  counts = string.find(args[2], "NUMBER") ~= nil
end

function request()
  if not counts then return wrk.format() end
  number = number + 1
  return wrk.format(nil, nil, nil, (string.gsub(wrk.body, "NUMBER", string.format("%064d", number))))
end
