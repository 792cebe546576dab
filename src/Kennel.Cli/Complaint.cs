namespace Kennel.Cli;

/// <summary>Something the user can mend: printed as one line without a stack trace, exit code 1.</summary>
public sealed class Complaint(string message) : Exception(message)
{
    /// <summary>Runs a command; what the user can mend becomes a line on stderr.</summary>
    public static async Task<int> Catch(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (UnauthorizedAccessException e)
        {
            await Console.Error.WriteLineAsync($"kennel: {e.Message} Is it another user's? Then with sudo");
            return 1;
        }
        catch (Exception e) when (e is Complaint or Store.StoreUnavailableException or Client.ApiUnavailableException or Node.Runtime.RuntimeException or IOException)
        {
            await Console.Error.WriteLineAsync($"kennel: {e.Message}");
            return 1;
        }
    }
}
