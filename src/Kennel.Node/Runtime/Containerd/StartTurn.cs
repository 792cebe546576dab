namespace Kennel.Node.Runtime.Containerd;

/// <summary>
/// One at a time looks for the private containerd and starts it: <c>kennel image load</c> may come while <c>kennel up</c> is at it. The operating
/// system gives the turn back when its holder dies.
/// </summary>
internal sealed class StartTurn : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90); // longer than a start may take
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly FileStream _file;

    private StartTurn(FileStream file) => _file = file;

    /// <exception cref="RuntimeException">RuntimeUnavailable: another one starts it, and doesn't come to an end.</exception>
    public static async Task<StartTurn> Wait(ContainerdOptions options, TimeProvider time, CancellationToken cancel)
    {
        if (!OperatingSystem.IsWindows()) Directory.CreateDirectory(options.RunDirectory, ContainerdProcess.FolderMode);
        var end = time.GetUtcNow() + Patience;
        while (true)
        {
            try
            {
                return new StartTurn(new FileStream(Path.Combine(options.RunDirectory, "start.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (time.GetUtcNow() < end)
            {
                await Task.Delay(Pause, time, cancel);
            }
            catch (IOException taken)
            {
                throw new RuntimeException("RuntimeUnavailable", $"another kennel is starting containerd in {options.RunDirectory} and doesn't come to an end", taken);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
