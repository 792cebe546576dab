using System.CommandLine;
using Kennel.Load;

try
{
    return await Commands.Root().Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("kennel-load: not done in time (--patience)");
    return 1;
}
catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or InvalidOperationException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"kennel-load: {e.Message}");
    return 1;
}
