using Modestano.Testbed.Mongo.Model;

namespace Modestano.Testbed.Conformance.MongoDb;

/// <summary>Which codes a real server labels as retryable when a retryable insert fails with them, and with which it sends its topologyVersion.</summary>
public sealed class ErrorLabelTests
{
    private static IEnumerable<TestCaseData> Cases() => RecordingCases.Of("labels");

    [TestCaseSource(nameof(Cases))]
    public void A_code_is_labelled_as_the_real_server_labelled_it(object recording)
    {
        var reply = ((Recording)recording).Reply;
        var code = reply["code"].AsInt32;
        Assert.That(
            (ErrorReply.IsRetryable(code), ErrorReply.IsStateChange(code)),
            Is.EqualTo((reply.Contains("errorLabels"), reply.Contains("topologyVersion"))));
    }
}
