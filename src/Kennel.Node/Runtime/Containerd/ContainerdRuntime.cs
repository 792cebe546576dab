using Kennel.Node.Images;
using Kennel.Node.Runtime.Cri;
using Kennel.Node.Runtime.Grpc;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>Pods as real containers, in a containerd of our own that outlives us.</summary>
public sealed class ContainerdRuntime : IRuntime
{
    private const int AtOnce = 16; // status questions to containerd in flight
    private readonly ContainerdOptions _options;
    private readonly TimeProvider _time;
    private readonly GrpcChannel _channel;
    private readonly CriClient _cri;
    private readonly ContainerdProcess _process;
    private readonly CancellationTokenSource _stopped = new();
    private Task _watching = Task.CompletedTask;

    private ContainerdRuntime(ContainerdOptions options, Tools tools, TimeProvider time)
    {
        _options = options;
        _time = time;
        _channel = new GrpcChannel(options.Socket);
        _cri = new CriClient(_channel);
        _process = new ContainerdProcess(options, tools, time);
        Images = new ContainerdImages(_cri, options, tools, time);
    }

    public string Version { get; private set; } = "";

    public ContainerdImages Images { get; }

    /// <summary>Whether containerd (and with it pods) ran before us.</summary>
    public bool TakenOver { get; private set; }

    /// <summary>Whether pods can be run on this machine at all: quick, and changes nothing.</summary>
    /// <exception cref="RuntimeException">RuntimeUnavailable: no root, or something isn't installed; the message says what to do.</exception>
    public static void CheckMachine() => Tools.Find();

    /// <summary>Takes over the instance's containerd, or starts it; returns when pods can be run.</summary>
    /// <exception cref="RuntimeException">RuntimeUnavailable: no root, something isn't installed, containerd doesn't start.</exception>
    public static async Task<ContainerdRuntime> Start(ContainerdOptions options, TimeProvider time, CancellationToken cancel)
    {
        var runtime = new ContainerdRuntime(options, Tools.Find(), time);
        try
        {
            await runtime.Begin(cancel);
            return runtime;
        }
        catch
        {
            await runtime.DisposeAsync();
            throw;
        }
    }

    public Task<RuntimeSnapshot> Snapshot(CancellationToken cancel) => Guard("RuntimeUnavailable", async () =>
    {
        var sandboxes = await _cri.ListPodSandbox(cancel);
        var containers = (await _cri.ListContainers(null, cancel)).ToLookup(container => container.PodSandboxId);
        using var slots = new SemaphoreSlim(AtOnce);
        var states = await Task.WhenAll(sandboxes.Select(sandbox => State(sandbox.Id, containers[sandbox.Id], slots, cancel)));
        return new RuntimeSnapshot([.. states.OfType<SandboxState>().OrderBy(state => state.CreatedAt).ThenBy(state => state.Id, StringComparer.Ordinal)]);
    });

    public Task<SandboxState?> Sandbox(string sandboxId, CancellationToken cancel) => Guard("RuntimeUnavailable", async () =>
    {
        using var slots = new SemaphoreSlim(AtOnce);
        return await State(sandboxId, await _cri.ListContainers(sandboxId, cancel), slots, cancel);
    });

    public async Task<string> RunSandbox(SandboxSpec spec, CancellationToken cancel)
    {
        Directory.CreateDirectory(spec.LogFolder);
        if (spec.Resources is { } resources)
        {
            PodCgroup.Make(spec.CgroupParent, resources);
        }
        return await Guard("CreatePodSandboxError", async () => (await _cri.RunPodSandbox(SandboxConfigs.Of(spec), cancel)).PodSandboxId);
    }

    public Task StopSandbox(string sandboxId, CancellationToken cancel) => Guard("KillPodSandboxError", () => _cri.StopPodSandbox(sandboxId, cancel));

    public Task RemoveSandbox(string sandboxId, CancellationToken cancel) => Guard("KillPodSandboxError", async () =>
    {
        var parent = await _cri.PodSandboxStatus(sandboxId, cancel) is { } status ? SandboxConfigs.CgroupParent(status) : "";
        await _cri.StopPodSandbox(sandboxId, cancel);
        PodCgroup.Remove(parent); // before the sandbox: when we are killed between the two, it is still listed and tried again
        await _cri.RemovePodSandbox(sandboxId, cancel);
        PodCgroup.Remove(parent); // a container's cgroup may have gone only now
    });

    public Task<string> CreateContainer(string sandboxId, ContainerSpec spec, CancellationToken cancel) => Guard("CreateContainerError", async () =>
    {
        var sandbox = await _cri.PodSandboxStatus(sandboxId, cancel)
            ?? throw new RuntimeException("CreateContainerError", $"failed to find sandbox id \"{sandboxId}\": not found");
        if (SandboxConfigs.LogFolder(sandbox) is { Length: > 0 } logs && spec.LogFile.Length > 0)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(logs, spec.LogFile))!);
        }
        var request = new CreateContainerRequest
        {
            PodSandboxId = sandboxId,
            Config = ContainerConfigs.Of(spec, SandboxConfigs.Namespaces(sandbox, spec.SharesProcessesOf)),
            SandboxConfig = SandboxConfigs.Remembered(sandbox, spec.Security.Privileged),
        };
        return (await _cri.CreateContainer(request, cancel)).ContainerId;
    });

    public Task StartContainer(string containerId, CancellationToken cancel) => Guard("RunContainerError", () => _cri.StartContainer(containerId, cancel));

    public Task StopContainer(string containerId, TimeSpan grace, CancellationToken cancel) =>
        Guard("KillContainerError", () => _cri.StopContainer(containerId, (long)Math.Ceiling(Math.Max(0, grace.TotalSeconds)), cancel));

    public Task RemoveContainer(string containerId, CancellationToken cancel) => Guard("KillContainerError", () => _cri.RemoveContainer(containerId, cancel));

    public Task UpdateContainer(string containerId, ResourceSpec resources, CancellationToken cancel) =>
        Guard("ResizeContainerError", () => _cri.UpdateContainerResources(containerId, ContainerConfigs.Resources(resources), cancel));

    public Task UpdatePod(string cgroupParent, ResourceSpec resources, CancellationToken cancel)
    {
        PodCgroup.Make(cgroupParent, resources);
        return Task.CompletedTask;
    }

    Task<IReadOnlyList<ImageState>> IRuntime.Images(CancellationToken cancel) => Guard("ImageListError", () => Images.List(cancel));

    public Task RemoveImage(string id, CancellationToken cancel) => Guard("ImageRemoveError", () => Images.Remove(id, cancel));

    public Task<IReadOnlyDictionary<string, long>> WrittenBytes(string sandboxId, CancellationToken cancel) =>
        Guard<IReadOnlyDictionary<string, long>>("StatsError", async () =>
        {
            var bytes = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var stats in await _cri.ContainerStats(sandboxId, cancel))
            {
                var name = stats.Attributes.Metadata.Name;
                bytes[name] = bytes.GetValueOrDefault(name) + (long)(stats.WritableLayer?.UsedBytes?.Value ?? 0);
            }
            return bytes;
        });

    public Task<ImageState?> Image(string reference, CancellationToken cancel) => Images.Find(reference, cancel);

    public Task<string> PullImage(string reference, RegistryLogin? login, CancellationToken cancel) => Images.Pull(reference, login, cancel);

    /// <inheritdoc/>
    /// <exception cref="RuntimeException">ExecError: the command can't be run at all.</exception>
    public async Task<ExecOutcome> Exec(string containerId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(timeout.TotalSeconds)); // CRI counts whole seconds, and 0 is for ever
        var request = new ExecSyncRequest { ContainerId = containerId, Timeout = seconds };
        request.Cmd.AddRange(command);
        try
        {
            var answer = await _cri.ExecSync(request, TimeSpan.FromSeconds(seconds + 10), cancel); // containerd's own limit comes first
            return new ExecOutcome(answer.ExitCode, answer.Stdout.ToByteArray(), answer.Stderr.ToByteArray(), TimedOut: false);
        }
        catch (GrpcException late) when (late.Code == GrpcCode.DeadlineExceeded || late.Detail.Contains("context deadline exceeded", StringComparison.Ordinal))
        {
            return new ExecOutcome(-1, [], [], TimedOut: true);
        }
        catch (GrpcException failure)
        {
            throw new RuntimeException("ExecError", failure.Detail, failure);
        }
    }

    public Task<Uri> Stream(StreamRequest request, CancellationToken cancel) => Guard("StreamError", async () => new Uri(request.Kind switch
    {
        "exec" => await _cri.Exec(new ExecRequest
        {
            ContainerId = request.Id, Cmd = { request.Command }, Stdin = request.Stdin, Stdout = request.Stdout, Stderr = request.Stderr && !request.Tty, Tty = request.Tty,
        }, cancel),
        "attach" => await _cri.Attach(new AttachRequest
        {
            ContainerId = request.Id, Stdin = request.Stdin, Stdout = request.Stdout, Stderr = request.Stderr && !request.Tty, Tty = request.Tty,
        }, cancel),
        "portforward" => await _cri.PortForward(request.Id, cancel),
        _ => throw new RuntimeException("StreamError", $"unknown kind of stream \"{request.Kind}\""),
    }));

    public Task ReopenLog(string containerId, CancellationToken cancel) => Guard("ReopenLogError", () => _cri.ReopenContainerLog(containerId, cancel));

    public IAsyncEnumerable<RuntimeEvent> Events(CancellationToken cancel) => EventStream.Read(_cri, _time, cancel);

    /// <summary>Stops and removes all pods, then containerd; then nothing of the instance is left but files (and with <paramref name="erase"/> not those).</summary>
    public static Task TearDown(ContainerdOptions options, bool erase, TimeProvider time, CancellationToken cancel) =>
        new Teardown(options, time).Run(erase, cancel);

    /// <summary>Lets go of containerd; it and the pods go on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await _watching;
        _channel.Dispose();
        _stopped.Dispose();
    }

    private async Task Begin(CancellationToken cancel)
    {
        using var turn = await StartTurn.Wait(_options, _time, cancel);
        TakenOver = await _process.Ensure(_cri, cancel);
        var version = await _cri.Version(TimeSpan.FromSeconds(10), cancel);
        Version = $"{version.RuntimeName}://{version.RuntimeVersion}";
        if (await Images.Find(PauseImage.Name, cancel) is null)
        {
            var archive = Path.Combine(_options.RunDirectory, "pause.tar");
            await PauseImage.Write(archive, cancel);
            await Images.ImportAsync(archive, cancel);
            File.Delete(archive);
        }
        await new ImageFolder(_options, Images).Load(cancel);
        _watching = Supervise(_stopped.Token);
    }

    /// <summary>Starts containerd again when it has died; pods don't notice.</summary>
    private async Task Supervise(CancellationToken stop)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1), _time);
        try
        {
            while (await ticks.WaitForNextTickAsync(stop))
            {
                if (_process.Id is null)
                {
                    await TryEnsure(stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task TryEnsure(CancellationToken stop)
    {
        try
        {
            using var turn = await StartTurn.Wait(_options, _time, stop);
            await _process.Ensure(_cri, stop);
        }
        catch (Exception failure) when (failure is RuntimeException or IOException)
        {
            // every call says Unavailable until one of the next ticks succeeds
        }
    }

    private async Task<SandboxState?> State(string sandboxId, IEnumerable<Container> containers, SemaphoreSlim slots, CancellationToken cancel)
    {
        var statuses = containers.Select(container => Limited(slots, () => _cri.ContainerStatus(container.Id, cancel), cancel)).ToList();
        var sandbox = await Limited(slots, () => _cri.PodSandboxStatus(sandboxId, cancel), cancel);
        var found = await Task.WhenAll(statuses);
        return sandbox is null ? null : States.Sandbox(sandbox, found.OfType<ContainerStatus>());
    }

    private static async Task<T> Limited<T>(SemaphoreSlim slots, Func<Task<T>> work, CancellationToken cancel)
    {
        await slots.WaitAsync(cancel);
        try
        {
            return await work();
        }
        finally
        {
            slots.Release();
        }
    }

    private static Task Guard(string reason, Func<Task> work) => Guard(reason, async () =>
    {
        await work();
        return true;
    });

    /// <summary>A refusal of the runtime gets the reason that a pod's status shows; its message is what the runtime said.</summary>
    private static async Task<T> Guard<T>(string reason, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (GrpcException failure)
        {
            throw new RuntimeException(reason, failure.Detail, failure);
        }
    }
}
