using System.CommandLine;
using Modestano.Operator.Commands;

// The host stops on SIGTERM and Ctrl-C itself and needs its own time to release the lease: no second time limit around it.
return await OperatorCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
