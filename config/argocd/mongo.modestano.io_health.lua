-- Health of MongoReplicaSet, WeightedDnsRecord and RegionMigration for Argo CD, by their conditions.
-- Argo CD runs it with `obj`, the live object, and reads `status` and `message` of what it returns.
local health = {status = "Progressing", message = "The operator has not looked at it yet"}

if obj.status == nil or obj.status.conditions == nil then
  return health
end

-- A status of before the latest edit says nothing about the edit.
if obj.metadata.generation ~= nil and obj.status.observedGeneration ~= nil
  and obj.status.observedGeneration < obj.metadata.generation then
  health.message = "The operator has not seen the latest spec yet"
  return health
end

local conditions = {}
for _, condition in ipairs(obj.status.conditions) do
  conditions[condition.type] = condition
end

local function is(name, value)
  return conditions[name] ~= nil and conditions[name].status == value
end

local function say(status, name)
  local condition = conditions[name]
  return {status = status, message = condition.reason .. ": " .. condition.message}
end

-- The order matters: what a person has to do comes before what goes on by itself.
if is("Stalled", "True") then
  return say("Degraded", "Stalled")
end
if is("OverrideOrphaned", "True") then
  return say("Degraded", "OverrideOrphaned")
end
if is("Held", "True") then
  return say("Suspended", "Held")
end
if is("AwaitingApproval", "True") then
  return say("Suspended", "AwaitingApproval")
end
if is("ReplicationHealthy", "False") and not is("Reconciling", "True") then
  return say("Degraded", "ReplicationHealthy")
end
if is("Ready", "True") then
  return say("Healthy", "Ready")
end
if conditions.Reconciling ~= nil and conditions.Reconciling.status == "True" then
  return say("Progressing", "Reconciling")
end
if conditions.Ready ~= nil then
  return say("Progressing", "Ready")
end
return health
