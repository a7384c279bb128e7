-- Takes a hold back.
if obj.metadata.annotations ~= nil then
  obj.metadata.annotations["mongo.modestano.io/hold"] = nil
end
return obj
