using NUnit.Framework.Interfaces;

[assembly: Modestano.Testbed.Tests.RecordOutcomes]

namespace Modestano.Testbed.Tests;

/// <summary>
/// Writes each test's outcome to the file that <c>MODESTANO_OUTCOMES</c> names, as <c>fixture TAB test TAB first argument, if a text TAB Passed</c>.
/// `make conformance` reads it to count the behaviours of docs/testing.md that were shown.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class RecordOutcomesAttribute : Attribute, ITestAction
{
    private static readonly Lock Gate = new();

    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test)
    {
    }

    public void AfterTest(ITest test)
    {
        if (Environment.GetEnvironmentVariable("MODESTANO_OUTCOMES") is not { Length: > 0 } file)
        {
            return;
        }

        var line = string.Join('\t', test.TypeInfo?.FullName, test.MethodName, test.Arguments.FirstOrDefault() as string, TestContext.CurrentContext.Result.Outcome.Status);
        lock (Gate)
        {
            File.AppendAllText(file, line + "\n");
        }
    }
}
