using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Kennel.Walkthrough.Tests.Running;

/// <summary>A <c>kennel up</c> of the built program in a folder of its own, and kubectl against it.</summary>
public sealed class Cluster(string runtime, params string[] options) : IAsyncDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    Process? _process;

    /// <summary>The program that <c>make build</c> made.</summary>
    public static string Kennel { get; } = Environment.GetEnvironmentVariable("KENNEL_PROGRAM") is { Length: > 0 } given ? given : Path.Combine(Repository.Root, "artifacts", "kennel");

    public string DataFolder { get; } = Directory.CreateTempSubdirectory("kennel-walk-").FullName;

    public string Kubeconfig => Path.Combine(DataFolder, "admin.kubeconfig");

    public int Port { get; } = FreePort();

    /// <summary>What the program has printed.</summary>
    public List<string> Lines { get; } = [];

    public int ProcessId => _process!.Id;

    IReadOnlyDictionary<string, string> Environment_ => new Dictionary<string, string> { ["KUBECONFIG"] = Kubeconfig };

    /// <summary>Starts it and waits for its ready line.</summary>
    public async Task Start()
    {
        var start = new ProcessStartInfo(Kennel, ["up", "--data-dir", DataFolder, "--listen", $"127.0.0.1:{Port}", "--write-kubeconfig", Kubeconfig, "--runtime", runtime, .. options])
        {
            UseShellExecute = false, RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Heard(line.Data, ready);
        process.ErrorDataReceived += (_, line) => Heard(line.Data, ready);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"kennel ended:\n{All()}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await ready.Task.WaitAsync(s_patience);
    }

    void Heard(string? line, TaskCompletionSource ready)
    {
        if (line is null) return;
        lock (Lines) Lines.Add(line);
        if (line.StartsWith("Kennel is ready", StringComparison.Ordinal)) ready.TrySetResult();
    }

    public string All()
    {
        lock (Lines) return string.Join('\n', Lines);
    }

    /// <summary>kill -9.</summary>
    public async Task Kill()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and waits until it has stopped.</summary>
    public async Task<int> Stop()
    {
        (await Program.Run("kill", ["-TERM", $"{_process!.Id}"])).Succeeded();
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        return _process.ExitCode;
    }

    public Task<Outcome> Kubectl(string command, string? input = null, string program = "kubectl") => Kubectl(command.Split(' ', StringSplitOptions.RemoveEmptyEntries), input, program);

    public Task<Outcome> Kubectl(string[] arguments, string? input = null, string program = "kubectl") => Program.Run(program, arguments, input, Environment_);

    /// <summary>The output of a kubectl that must succeed.</summary>
    public async Task<string> Ok(string command, string? input = null, string program = "kubectl") => (await Kubectl(command, input, program)).Succeeded();

    public Task<IReadOnlyList<string>> Until(string command, Func<IReadOnlyList<string>, bool> enough) =>
        Program.Until("kubectl", command.Split(' ', StringSplitOptions.RemoveEmptyEntries), Environment_, enough);

    public Process StartKubectl(string command, string program = "kubectl")
    {
        var start = new ProcessStartInfo(program, command.Split(' ', StringSplitOptions.RemoveEmptyEntries)) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KUBECONFIG"] = Kubeconfig;
        return Process.Start(start)!;
    }

    /// <summary>Runs the program itself against this instance.</summary>
    public Task<Outcome> Own(params string[] arguments) => Program.Run(Kennel, [.. arguments, "--data-dir", DataFolder]);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await Stop();
        await Program.Run(Kennel, ["down", "--purge", "--data-dir", DataFolder]);
        _process?.Dispose();
        if (Directory.Exists(DataFolder)) Directory.Delete(DataFolder, recursive: true);
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
