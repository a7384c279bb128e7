[assembly: Modestano.Testbed.Tests.RecordOutcomes]
