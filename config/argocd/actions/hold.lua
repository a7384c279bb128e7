-- Stops work on the object at once and keeps its place.
local os = require("os")
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["mongo.modestano.io/hold"] = "held in Argo CD at " .. os.date("!%Y-%m-%dT%XZ")
return obj
