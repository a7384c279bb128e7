-- Which actions Argo CD offers for an object. `obj` is the live object.
local actions = {}
local annotations = obj.metadata.annotations or {}
local held = annotations["mongo.modestano.io/hold"] ~= nil

actions["hold"] = {["disabled"] = held}
actions["resume"] = {["disabled"] = not held}

if obj.kind == "RegionMigration" then
  local status = obj.status or {}
  local retiring = status.override ~= nil and status.override.retiredMembers ~= nil and #status.override.retiredMembers > 0
  -- Neither is taken back: a roll-back is latched, and members that were told to leave do not return by it.
  actions["roll-back"] = {
    ["disabled"] = annotations["mongo.modestano.io/roll-back"] ~= nil or status.rollBack ~= nil or retiring,
  }
end

return actions
