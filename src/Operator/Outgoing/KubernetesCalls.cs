namespace Modestano.Operator.Outgoing;

/// <summary>
/// Which requests to the API server are repeated: reads of a Secret and writes of a status of ours. The lease's are not (its election has a
/// deadline of its own), nor are watches, lists and Events, which the runtime takes up again itself.
/// </summary>
internal static class KubernetesCalls
{
    /// <summary>The request's kind; null: it is sent once.</summary>
    public static OutgoingCall? KindOf(HttpRequestMessage request)
    {
        var parts = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return request.Method.Method switch
        {
            "GET" when parts is ["api", "v1", "namespaces", _, "secrets", _] => OutgoingCall.Secrets,
            "PUT" when parts is ["apis", Crds.V1Alpha1.ApiGroup.Name, _, "namespaces", _, _, _, "status"] => OutgoingCall.StatusWrites,
            _ => null,
        };
    }
}
