using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Kennel.Client.Caching;
using Kennel.Client.Events;
using Kennel.Cli.Nodes;
using Kennel.Cli.Waits;
using Kennel.Client.Running;
using Kennel.Controllers.Volumes;
using Kennel.Controllers.Volumes.LocalPath;
using Kennel.Network.Hosts;
using Kennel.Network.Names;
using Kennel.Node.Agent;
using Kennel.Objects.Apps;
using Kennel.Objects.Kinds;
using Kennel.Objects.Schemas;
using Kennel.Server;
using Kennel.Server.Access.Tokens;
using Kennel.Server.Auditing;
using Kennel.Server.Bootstrap;
using Kennel.Server.Http;
using Kennel.Store;
using Kennel.Store.Sealing;
using Kennel.Store.Sqlite;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Kennel.Cli;

/// <summary>
/// The composition root: the only place that knows both sides of the house. Order of life: store, pipeline, API on the wire, controllers, node, network;
/// it ends in reverse.
/// </summary>
sealed class Composition(UpOptions options) : IAsyncDisposable
{
    const string ResolvConf = "/etc/resolv.conf";

    readonly ILoggerFactory _logs = Logging.ToStandardError();
    readonly CancellationTokenSource _stopping = new();
    readonly TimeProvider _time = TimeProvider.System;
#pragma warning disable RS0030 // here chance and ids come from: everybody else is handed them
    readonly Random _random = Random.Shared;
    readonly Func<Guid> _ids = Guid.NewGuid;
#pragma warning restore RS0030

    readonly List<Task> _running = [];
    readonly Stack<IAsyncDisposable> _open = new();
    Instance _instance = null!;
    INodes? _nodes;

    /// <summary>Host and port at which the API is served.</summary>
    public string Address { get; private set; } = "";

    public string KubeconfigFile => options.KubeconfigFile ?? _instance.KubeconfigFile;

    /// <summary>Returns when the API answers and everything that acts on it runs. Nodes join on their own time.</summary>
    public async Task Start(CancellationToken cancel)
    {
        if (options.Simulated is null) Nodes.Containers.CheckMachine();
        _instance = Instance.Open(options.DataFolder);
        var store = SqliteStore.Open(_instance.DataFolder, _time, w => Log("store", w), Seal.Open(Path.Combine(_instance.DataFolder, "secrets.key"), "/registry/core/secrets/"));
        _open.Push(store);
        await File.WriteAllTextAsync(_instance.PidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), cancel);

        var services = IPNetwork.Parse(_instance.ServiceCidr);
        var keys = Path.Combine(_instance.DataFolder, "pki");
        var pki = Pki.Open(keys, Pki.ServerNames(options.Listen.Address.ToString(), services), _time, _logs.CreateLogger("pki"));
        var token = Tokens.ReadOrMake(Path.Combine(keys, "admin.token"));
        var pipeline = new Pipeline(new ServerOptions(store)
        {
            Random = NewRandom(), NewId = _ids, Time = _time, ServiceRange = services, Gates = options.Gates, Plugins = options.Plugins, Address = options.Listen.ToString(), Log = _logs.CreateLogger("server"),
            Tokens = Known(token), Audit = OpenAudit(), SigningKey = SigningKey.Open(Path.Combine(keys, "sa.key")), AuthorityPem = pki.AuthorityPem,
        });
        await pipeline.Load(cancel);
        var bootstrapped = false;
        pipeline.Health.Add("etcd", () => store.Revision > 0); // upstream's name for the store's check
        pipeline.Health.Add("poststarthook/bootstrap-objects", () => Volatile.Read(ref bootstrapped), readyOnly: true);
        await Serve(pipeline, pki, token, cancel);
        await BootstrapObjects.Ensure(pipeline, services, options.Simulated is null ? new IPEndPoint(IPAddress.Parse(_instance.ApiAddress), 443) : null, cancel);
        Volatile.Write(ref bootstrapped, true);
        Act(pipeline, pki);
    }

    /// <summary>Everything that acts on the API: controllers, nodes and names over one set of caches, fed by the pipeline of the same process.</summary>
    void Act(Pipeline pipeline, Pki pki)
    {
        var caches = new Caches();
        var controllers = new InProcessApi(pipeline, User.Of("system:kube-controller-manager"), "kube-controller-manager");
        var kubelet = new InProcessApi(pipeline, options.Simulated is null ? User.OfNode(Machine.NodeName) : User.Of("system:simulated-nodes"), "kubelet");
        var folders = new LocalPathOptions(_instance.VolumesFolder, options.Simulated is null ? new Folders() : new NoDirectories());
        var access = new AccessOptions(pki.AuthorityPem, (account, secret) =>
            pipeline.LastingToken(account.Metadata.Namespace!, account.Metadata.Name!, account.Metadata.Uid ?? "", secret.Metadata.Name!), pki.Sign);
        var house = House.Controllers(caches, Catalog.BuiltIn, folders, access, IPEndPoint.Parse(Address).Port);
        if (options.Simulated is null) house = house.Concat(House.Network(caches, _instance));
        var runner = new Runner(controllers, caches, house, _time, NewRandom(), m => Log("controllers", m));
        IEnumerable<Wait> Waits() => runner.Waiting.Select(Wait.Of);
        IReadOnlyList<PodWaiting> Pods() => [.. _nodes?.Waiting ?? []];
        pipeline.Serve("/kennel/waiting", () =>
        {
            var pods = Pods();
            return WaitingDocument.Of([.. Deeper.Of(Waits(), pods), .. pods.Select(Wait.Of)]);
        });
        IEnumerable<StatefulSet> Measured() => options.Gates.HasFlag(Gates.MaxUnavailableStatefulSet) ? caches.Of<StatefulSet>().All() : [];
        pipeline.Measure(text => ControllerMetrics.Write(text, runner.Figures, Measured()));
        var events = new EventRecorder(controllers, _time, NewRandom(), m => Log("controllers", m));
        _nodes = options.Simulated is { } count
            ? new Nodes.Simulated(count, kubelet, caches, _instance, pki, _time, NewRandom(), m => Log("node", m))
            : new Nodes.Containers(kubelet, caches, _instance, pki, _time, NewRandom(), m => Log("node", m));
        if (options.Simulated is null) Background(Names(caches));
        Background(caches.Run(controllers, _time, NewRandom(), m => Log("caches", m), _stopping.Token));
        Background(runner.Run(_stopping.Token));
        Background(events.Run(_stopping.Token));
        Background(new LongWaits(Waits, Pods, caches.Of<StatefulSet>(), events, _time).Run(_stopping.Token));
        Background(_nodes.Run(_stopping.Token));
    }

    /// <summary>Until <paramref name="stop"/> fires, or a part that everything needs has failed.</summary>
    public async Task Run(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var _ = stop.Register(() => stopped.TrySetResult());
        await await Task.WhenAny([stopped.Task, .. _running]);
    }

    /// <summary>The tokens that were handed out once and for all.</summary>
    Dictionary<string, User> Known(string admin)
    {
        var tokens = new Dictionary<string, User> { [admin] = Tokens.Admin };
        if (options.TokenFile is not { } file) return tokens;
        try
        {
            foreach (var (token, user) in TokenFile.Parse(File.ReadAllText(file))) tokens[token] = user;
            return tokens;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new Complaint($"--token-auth-file: {file}: {e.Message}");
        }
    }

    AuditLog? OpenAudit()
    {
        if (options.AuditLog is not { } file) return null;
        try
        {
            var log = AuditLog.Open(Path.GetFullPath(file), _time, w => Log("audit", w));
            _open.Push(log);
            return log;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Complaint($"--audit-log: {file} can't be written: {e.Message}");
        }
    }

    async Task Serve(Pipeline pipeline, Pki pki, string token, CancellationToken cancel)
    {
        List<IPEndPoint> listen = [options.Listen];
        if (options.Simulated is null && await Machine.AddAddress(_instance.ApiAddress, cancel)) listen.Add(new(IPAddress.Parse(_instance.ApiAddress), 443));
        HttpServer http;
        try
        {
            http = await HttpServer.Start(pipeline, new HttpOptions(listen, pki) { Time = _time, Log = _logs.CreateLogger("http") }, cancel);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            if (options.Simulated is null) await Machine.RemoveAddress(_instance.ApiAddress, cancel);
            var taken = (e as SocketException ?? e.InnerException?.InnerException as SocketException)?.SocketErrorCode == SocketError.AddressAlreadyInUse || e.InnerException is AddressInUseException;
            throw new Complaint(taken
                ? $"{options.Listen} is taken by another program: give another address with --listen HOST:PORT"
                : $"{options.Listen} can't be listened at: {e.Message.TrimEnd('.')}. Give another address with --listen HOST:PORT");
        }
        _open.Push(http);
        Address = http.Listening[0].ToString();
        var reached = options.Listen.Address.Equals(IPAddress.Any) ? $"127.0.0.1:{http.Listening[0].Port}" : Address;
        foreach (var file in new[] { _instance.KubeconfigFile, options.KubeconfigFile })
            if (file is not null) Kubeconfig.Write(file, reached, pki, token);
    }

    /// <summary>The names of Services and of sets' pods, at the address that pods have in their resolv.conf.</summary>
    Task Names(Caches caches)
    {
        var address = IPAddress.Parse(_instance.DnsAddress);
        var resolvers = Forwarder.Read(File.Exists(ResolvConf) ? File.ReadAllText(ResolvConf) : "", address);
        return new NameService(new SystemHost(), Kennel.Network.Names.Directory.Of(caches, "cluster.local"), new(address, resolvers), _time, NewRandom(), m => Log("names", m)).Run(_stopping.Token);
    }

    Random NewRandom() => new(_random.Next());

    void Background(Task task)
    {
        lock (_running) _running.Add(task);
    }

    void Log(string room, string message) => _logs.CreateLogger(room).LogWarning("{Message}", message);

    /// <summary>Stops the pods (unless they are to go on), the controllers and the API, and leaves nothing on the machine.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running.Select(Ended));
        // Only when nobody is left who would start them again.
        if (_nodes is not null && !options.LeavePods) await _nodes.Leave();
        while (_open.TryPop(out var part)) await part.DisposeAsync();
        if (_instance is not null && RunningProcess.Of(_instance) == Environment.ProcessId) File.Delete(_instance.PidFile);
        _stopping.Dispose();
        _logs.Dispose();
    }

    static async Task Ended(Task task) => await task.ContinueWith(static _ => { }, TaskScheduler.Default);
}
