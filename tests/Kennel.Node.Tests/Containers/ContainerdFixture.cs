using System.Globalization;
using Kennel.Node.Runtime.Containerd;

namespace Kennel.Node.Tests.Containers;

/// <summary>
/// A private containerd for a class of tests, with its own folders, bridge and pod network, and the busybox image in it. Afterwards nothing
/// of it may be left on the machine: that is checked, and fails the class.
/// </summary>
public sealed class ContainerdFixture : IAsyncLifetime
{
    private static readonly Lazy<Task> Swept = new(Sweep);
    private static int _count;

    public ContainerdFixture()
        : this(NextOptions())
    {
    }

    internal ContainerdFixture(ContainerdOptions options) => Options = options;

    public ContainerdOptions Options { get; }

    public ContainerdRuntime Runtime { get; private set; } = null!;

    public string LogRoot => Path.Combine(Options.DataDirectory, "logs");

    public async Task InitializeAsync()
    {
        if (TestMachine.WhyNot is not null)
        {
            return;
        }
        await Swept.Value;
        Runtime = await ContainerdRuntime.Start(Options, TimeProvider.System, CancellationToken.None);
        var archive = Path.Combine(Options.DataDirectory, "busybox.tar");
        await BusyboxImage.Write(archive);
        await Runtime.Images.ImportAsync(archive, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (TestMachine.WhyNot is not null)
        {
            return;
        }
        await Runtime.DisposeAsync();
        await Remove(Options);
    }

    /// <summary>Lets go of containerd without stopping it, as a killed Kennel does, and connects again.</summary>
    public async Task Reconnect()
    {
        await Runtime.DisposeAsync();
        Runtime = await ContainerdRuntime.Start(Options, TimeProvider.System, CancellationToken.None);
    }

    /// <summary>For another instance of this test run.</summary>
    public static ContainerdOptions NextOptions() => OptionsOf(Environment.ProcessId, Interlocked.Increment(ref _count));

    /// <param name="process">Whose tests these are: when it is gone, the next run cleans up after it.</param>
    public static ContainerdOptions OptionsOf(int process, int number)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"t{process:x}x{number:x}");
        return new ContainerdOptions(id, $"/var/tmp/kennel-test/{id}", $"10.{150 + process % 40}.{number % 250}.0/24");
    }

    public static async Task Remove(ContainerdOptions options)
    {
        await ContainerdRuntime.TearDown(options, erase: true, TimeProvider.System, CancellationToken.None);
        if (Directory.Exists(options.DataDirectory))
        {
            Directory.Delete(options.DataDirectory, recursive: true);
        }
        Traces.Of(options).ShouldBeEmpty();
    }

    /// <summary>Takes away what a killed test run left.</summary>
    private static async Task Sweep()
    {
        foreach (var folder in Directory.Exists("/var/tmp/kennel-test") ? Directory.GetDirectories("/var/tmp/kennel-test") : [])
        {
            var parts = Path.GetFileName(folder)[1..].Split('x');
            if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.HexNumber, null, out var process) && !Directory.Exists($"/proc/{process}"))
            {
                await Remove(OptionsOf(process, int.Parse(parts[1], NumberStyles.HexNumber)));
            }
        }
    }
}
