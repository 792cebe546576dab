using Google.Protobuf;
using Kennel.Node.Runtime.Cri;
using Kennel.Node.Runtime.Grpc;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>CRI's calls by name, with upstream's time limits.</summary>
internal sealed class CriClient(GrpcChannel channel)
{
    private const string RuntimeService = "/runtime.v1.RuntimeService/";
    private const string ImageService = "/runtime.v1.ImageService/";
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(4);  // sandboxes: networks can be slow
    private static readonly TimeSpan Pull = TimeSpan.FromMinutes(60);

    public Task<VersionResponse> Version(TimeSpan timeout, CancellationToken cancel) =>
        channel.Call<VersionResponse>(RuntimeService + "Version", new VersionRequest { Version = "v1" }, timeout, cancel);

    public Task<RunPodSandboxResponse> RunPodSandbox(PodSandboxConfig config, CancellationToken cancel) =>
        channel.Call<RunPodSandboxResponse>(RuntimeService + "RunPodSandbox", new RunPodSandboxRequest { Config = config }, Long, cancel);

    public Task StopPodSandbox(string id, CancellationToken cancel) =>
        Gone(channel.Call<StopPodSandboxResponse>(RuntimeService + "StopPodSandbox", new StopPodSandboxRequest { PodSandboxId = id }, Long, cancel));

    public Task RemovePodSandbox(string id, CancellationToken cancel) =>
        Gone(channel.Call<RemovePodSandboxResponse>(RuntimeService + "RemovePodSandbox", new RemovePodSandboxRequest { PodSandboxId = id }, Usual, cancel));

    public async Task<PodSandboxStatus?> PodSandboxStatus(string id, CancellationToken cancel) =>
        (await Found<PodSandboxStatusResponse>(RuntimeService + "PodSandboxStatus", new PodSandboxStatusRequest { PodSandboxId = id }, cancel))?.Status;

    public async Task<IReadOnlyList<PodSandbox>> ListPodSandbox(CancellationToken cancel) =>
        (await channel.Call<ListPodSandboxResponse>(RuntimeService + "ListPodSandbox", new ListPodSandboxRequest(), Usual, cancel)).Items;

    public async Task<IReadOnlyList<Container>> ListContainers(string? sandboxId, CancellationToken cancel)
    {
        var request = new ListContainersRequest();
        if (sandboxId is not null)
        {
            request.Filter = new ContainerFilter { PodSandboxId = sandboxId };
        }
        return (await channel.Call<ListContainersResponse>(RuntimeService + "ListContainers", request, Usual, cancel)).Containers;
    }

    public async Task<ContainerStatus?> ContainerStatus(string id, CancellationToken cancel) =>
        (await Found<ContainerStatusResponse>(RuntimeService + "ContainerStatus", new ContainerStatusRequest { ContainerId = id }, cancel))?.Status;

    public Task<CreateContainerResponse> CreateContainer(CreateContainerRequest request, CancellationToken cancel) =>
        channel.Call<CreateContainerResponse>(RuntimeService + "CreateContainer", request, Usual, cancel);

    public Task StartContainer(string id, CancellationToken cancel) =>
        channel.Call<StartContainerResponse>(RuntimeService + "StartContainer", new StartContainerRequest { ContainerId = id }, Usual, cancel);

    public Task StopContainer(string id, long graceSeconds, CancellationToken cancel) => Gone(channel.Call<StopContainerResponse>(
        RuntimeService + "StopContainer", new StopContainerRequest { ContainerId = id, Timeout = graceSeconds }, Usual + TimeSpan.FromSeconds(graceSeconds), cancel));

    public Task RemoveContainer(string id, CancellationToken cancel) =>
        Gone(channel.Call<RemoveContainerResponse>(RuntimeService + "RemoveContainer", new RemoveContainerRequest { ContainerId = id }, Usual, cancel));

    public Task UpdateContainerResources(string id, LinuxContainerResources resources, CancellationToken cancel) => channel.Call<UpdateContainerResourcesResponse>(
        RuntimeService + "UpdateContainerResources", new UpdateContainerResourcesRequest { ContainerId = id, Linux = resources }, Usual, cancel);

    public async Task<IReadOnlyList<ContainerStats>> ContainerStats(string sandboxId, CancellationToken cancel) => (await channel.Call<ListContainerStatsResponse>(
        RuntimeService + "ListContainerStats", new ListContainerStatsRequest { Filter = new ContainerStatsFilter { PodSandboxId = sandboxId } }, Usual, cancel)).Stats;

    public Task ReopenContainerLog(string id, CancellationToken cancel) => channel.Call<ReopenContainerLogResponse>(
        RuntimeService + "ReopenContainerLog", new ReopenContainerLogRequest { ContainerId = id }, Usual, cancel);

    public Task<ExecSyncResponse> ExecSync(ExecSyncRequest request, TimeSpan timeout, CancellationToken cancel) =>
        channel.Call<ExecSyncResponse>(RuntimeService + "ExecSync", request, timeout, cancel);

    public async Task<string> Exec(ExecRequest request, CancellationToken cancel) =>
        (await channel.Call<ExecResponse>(RuntimeService + "Exec", request, Usual, cancel)).Url;

    public async Task<string> Attach(AttachRequest request, CancellationToken cancel) =>
        (await channel.Call<AttachResponse>(RuntimeService + "Attach", request, Usual, cancel)).Url;

    public async Task<string> PortForward(string sandboxId, CancellationToken cancel) => (await channel.Call<PortForwardResponse>(
        RuntimeService + "PortForward", new PortForwardRequest { PodSandboxId = sandboxId }, Usual, cancel)).Url;

    public async Task<Image?> ImageStatus(string reference, CancellationToken cancel) => (await channel.Call<ImageStatusResponse>(
        ImageService + "ImageStatus", new ImageStatusRequest { Image = new ImageSpec { Image = reference } }, Usual, cancel)).Image;

    public async Task<IReadOnlyList<Image>> ListImages(CancellationToken cancel) =>
        (await channel.Call<ListImagesResponse>(ImageService + "ListImages", new ListImagesRequest(), Usual, cancel)).Images;

    public async Task<string> PullImage(PullImageRequest request, CancellationToken cancel) =>
        (await channel.Call<PullImageResponse>(ImageService + "PullImage", request, Pull, cancel)).ImageRef;

    public Task RemoveImage(string reference, CancellationToken cancel) => channel.Call<RemoveImageResponse>(
        ImageService + "RemoveImage", new RemoveImageRequest { Image = new ImageSpec { Image = reference } }, Usual, cancel);

    public IAsyncEnumerable<Envelope> Events(IEnumerable<string> filters, CancellationToken cancel)
    {
        var request = new SubscribeRequest();
        request.Filters.AddRange(filters);
        return channel.Subscribe<Envelope>("/containerd.services.events.v1.Events/Subscribe", request, cancel);
    }

    private async Task<T?> Found<T>(string method, IMessage request, CancellationToken cancel) where T : class, IMessage<T>, new()
    {
        try
        {
            return await channel.Call<T>(method, request, Usual, cancel);
        }
        catch (GrpcException missing) when (missing.Code == GrpcCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>To stop or remove what is gone is a success.</summary>
    private static async Task Gone<T>(Task<T> call)
    {
        try
        {
            await call;
        }
        catch (GrpcException missing) when (missing.Code == GrpcCode.NotFound)
        {
        }
    }
}
