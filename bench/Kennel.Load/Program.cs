using Kennel.Load;

return await Commands.Root().Parse(args).InvokeAsync();
