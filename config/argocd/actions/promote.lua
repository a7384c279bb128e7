-- Ends the pause, or the rest of the hold, that a migration stands in. The token makes it count for this one and for no later one.
local pause = obj.status ~= nil and obj.status.pause or nil
if pause ~= nil then
  if obj.metadata.annotations == nil then
    obj.metadata.annotations = {}
  end
  obj.metadata.annotations["mongo.modestano.io/promote"] = string.format("%d/%s", pause.percent, pause.token)
end
return obj
