-- Which actions Argo CD offers for an object. `obj` is the live object.
local actions = {}
local annotations = obj.metadata.annotations or {}
local held = annotations["mongo.modestano.io/hold"] ~= nil

actions["hold"] = {["disabled"] = held}
actions["resume"] = {["disabled"] = not held}

if obj.kind == "RegionMigration" then
  local status = obj.status or {}
  local retiring = status.override ~= nil and status.override.retiredMembers ~= nil and #status.override.retiredMembers > 0
  -- Only the pause or hold that it stands in now, and only once.
  local pause, promoted = status.pause, status.promoted
  actions["promote"] = {
    ["disabled"] = pause == nil or (promoted ~= nil and promoted.token == pause.token),
  }
  -- Neither is taken back: a roll-back is latched, and members that were told to leave do not return by it.
  actions["roll-back"] = {
    ["disabled"] = annotations["mongo.modestano.io/roll-back"] ~= nil or status.rollBack ~= nil or retiring,
  }
end

return actions
