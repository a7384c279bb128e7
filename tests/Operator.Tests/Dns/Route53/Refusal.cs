namespace Modestano.Operator.Tests.Dns.Route53;

/// <summary>The exception that a call may end with.</summary>
internal static class Refusal
{
    public static async Task<Exception?> OfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
