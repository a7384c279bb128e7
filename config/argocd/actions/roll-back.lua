-- Takes a migration back to where it began. The operator latches this: taking the annotation off does not undo it.
local os = require("os")
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["mongo.modestano.io/roll-back"] = "asked for in Argo CD at " .. os.date("!%Y-%m-%dT%XZ")
return obj
