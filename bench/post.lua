-- wrk's request for one operation of ECR's control plane: wrk --script post.lua URL -- OPERATION INPUT
function init(args)
  wrk.method = "POST"
  wrk.body = args[2]
  wrk.headers["Content-Type"] = "application/x-amz-json-1.1"
  wrk.headers["X-Amz-Target"] = "AmazonEC2ContainerRegistry_V20150921." .. args[1]
  wrk.headers["X-Amz-Date"] = args[3]
  wrk.headers["Authorization"] = args[4]
end
