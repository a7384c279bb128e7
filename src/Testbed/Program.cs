using Modestano.Testbed.Commands;

return await WorldCommand.Build().Parse(args).InvokeAsync();
