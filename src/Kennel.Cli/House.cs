using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Controllers.Deployments;
using Kennel.Controllers.DisruptionBudgets;
using Kennel.Controllers.Endpoints;
using Kennel.Controllers.GarbageCollection;
using Kennel.Controllers.HorizontalPodAutoscalers;
using Kennel.Controllers.Namespaces;
using Kennel.Controllers.Nodes;
using Kennel.Controllers.ReplicaSets;
using Kennel.Controllers.Scheduling;
using Kennel.Controllers.StatefulSets;
using Kennel.Controllers.Volumes;
using Kennel.Controllers.Volumes.LocalPath;
using Kennel.Network.Hosts;
using Kennel.Network.Services;
using Kennel.Objects.Schemas;

namespace Kennel.Cli;

/// <summary>The controllers of a cluster.</summary>
static class House
{
    /// <param name="volumes">Where provisioned volumes are.</param>
    public static IEnumerable<IController> Controllers(Caches caches, Catalog catalog, LocalPathOptions volumes) =>
    [
        new StatefulSetController(caches), new ReplicaSetController(caches), new ReplicationControllerController(caches), new DeploymentController(caches),
        new Scheduler(caches),
        new ClaimBinder(caches), new VolumeBinder(caches, volumes.Directories), new Provisioner(caches, volumes), new Cleaner(caches, volumes),
        new ClaimProtection(caches), new VolumeProtection(caches), new EphemeralVolumes(caches), new Expander(caches),
        new EndpointSliceController(caches), new EndpointsController(caches),
        new NodeLifecycle(caches), new TaintEviction(caches), new PodCollector(caches),
        new DisruptionBudgetController(caches, catalog), new StaleDisruption(caches), new HorizontalPodAutoscalerController(caches, catalog),
        new NamespaceController(caches, catalog),
        .. GarbageCollector.All(caches, catalog),
    ];

    /// <summary>Services are made to work on this machine.</summary>
    public static IController Network(Caches caches, Instance instance) => new ServiceProxy(caches, new SystemHost(), Machine.Services(instance));
}
